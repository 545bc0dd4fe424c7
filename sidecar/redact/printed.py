"""Secrets that a command or an interpreter prints in the line below what asked for them."""

from sidecar.redact.drawn import is_drawn_key
from sidecar.redact.made_up import is_made_up
from sidecar.redact.phrase import Phrase, each, phrase
from sidecar.redact.stand_ins import is_placeholder
from sidecar.redact.told import is_told_password
from sidecar.redact.values import is_clear_password, is_hex, is_opaque, is_reference

_LINE_END = rb"[ \t]{0,4}(?:(?:\\{1,15}r|\r)?(?:\n|\\{1,15}n))"
_NAME = rb"(?:key|token|secret|passw(?:or)?d|password|passwd|passphrase|pat|credentials?)"
_ENDED = rb"(?=[ \t]{0,4}(?:[\r\n\"'`]|\\{1,15}[rn\"]|\Z))"
_COMMANDS = (
    *(rb"kubectl[ ][^\n]{0,80}secret", rb"vault[ ](?:kv[ ]get|read)[ ][^\n]{0,80}-field", b"get-secret-value"),
    *(rb"oc[ ]get[ ]secret", rb"secrets[ ]versions[ ]access", rb"keyvault[ ]secret[ ]show", rb"op[ ]read[ ]"),
    *(b"with-decryption", b"find-generic-password", rb"auth[ ]token", b"print-access-token", rb"openssl[ ]rand"),
    rb"config[:][ ]?get[ ]\w{0,30}(?:KEY|TOKEN|SECRET|PASSWORD)",
    rb"output[ ]-raw[ ]\w{0,40}(?:key|token|secret|password)",
    rb"printenv[ ]\w{0,40}(?:KEY|TOKEN|SECRET|PASSWORD|PASSWD)",
    rb"echo[ ]\\{0,15}[\"']?\$\{?\w{0,40}(?:KEY|TOKEN|SECRET|PASSWORD|PASSWD|PASS|PAT)\b",
    rb"doppler[ ]secrets[ ]get",
)
_SIGNS = (
    *(rb"kubectl[ ]", rb"vault[ ]kv[ ]get", rb"vault[ ]read", b"get-secret-value", rb"oc[ ]get[ ]secret"),
    *(rb"versions[ ]access", rb"keyvault[ ]secret[ ]show", rb"op[ ]read[ ]", b"with-decryption"),
    *(b"find-generic-password", rb"auth[ ]token", rb"config:[ ]?get", b"print-access-token", rb"output[ ]-raw"),
    *(rb"printenv[ ]", rb"echo[ ][\\\"']{0,16}\$", rb"openssl[ ]rand", rb"doppler[ ]secrets"),
)
"""Of each of the commands its part that is looked for. Few: some more of them slow the look down by a tenth."""


def _is_printed(value: bytes) -> bool:
    if is_placeholder(value) or is_reference(value):
        return is_made_up(value)
    return is_told_password(value) or is_drawn_key(value) or is_clear_password(value) or is_made_up(value)


def _is_shown(value: bytes) -> bool:
    return not is_placeholder(value) and (
        is_told_password(value) or is_drawn_key(value) or is_opaque(value) or is_made_up(value) or is_hex(value)
    )


PRINTED: tuple[Phrase, ...] = (
    phrase(
        "secret:printed",
        rb"(?-i:"
        + b"|".join(_COMMANDS)
        + rb")[^\n]{0,200}?"
        + _LINE_END
        + rb"(?P<secret>[^\s\"'`\\<>{}\[\]|:]{8,600})",
        _is_printed,
        behind=_ENDED,
        signs=_SIGNS,
        reach=600,
    ),
    phrase(
        "secret:of interpreter",
        rb"(?:(?:>>>|\[[0-9]{1,4}\]:|main\)[0-9:]{0,8}>)[ ]|>[ ](?=process\.env))[^\n]{1,100}?"
        + _NAME
        + rb"\w{0,12}[\"'`\])]{0,4}(?:\\{1,15}[\"'][\])]?)?"
        + _LINE_END
        + rb"(?:Out\[[0-9]{1,4}\]:[ ]|=>[ ])?QUOTE(?P<secret>[^\s\"'`\\]{8,600})QUOTE",
        _is_shown,
        behind=_ENDED,
        signs=(rb">>>[ ]", rb"\[[0-9]{1,4}\]:[ ]", rb"main\)[0-9:]{0,8}>[ ]", rb">[ ]process\.env"),
        reach=260,
    ),
    phrase(
        "secret:asserted",
        rb"where[ ]QUOTE(?P<secret>[^\s\"'`\\]{6,600})QUOTE[ ]=[ ][^\n=]{1,120}?" + _NAME + rb"(?![a-z])",
        _is_shown,
        signs=each(rb"where[ ]%b[^\s\"'`\\]{6}", (b'"', b"'", rb"\\")),
        reach=260,
    ),
    phrase(
        "key:quoted",
        rb"`(?P<secret>[\w+/\-]{16,100}={0,2})`[^\n]{1,100}[A-Z0-9]_(?-i:TOKEN|KEY|SECRET|PASSWORD|PAT)(?![A-Z_])",
        is_opaque,
        is_caseless=False,
        signs=each(rb"_%b", (b"TOKEN", b"KEY", b"SECRET", b"PASSWORD", b"PAT")),
        reach=260,
    ),
)
