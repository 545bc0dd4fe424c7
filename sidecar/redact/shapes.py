"""Secrets known by their whole shape or by the syntax of headers, queries and files, where no literal begins them."""

from base64 import b64decode

from sidecar.redact.forms import BOUNDARY
from sidecar.redact.phrase import Phrase, each, phrase
from sidecar.redact.stand_ins import is_placeholder
from sidecar.redact.values import is_clear_password, is_hex, is_opaque, is_random


def is_login(value: bytes) -> bool:
    """Base64 of a user and a password."""
    try:
        login = b64decode(value, validate=True).decode()
    except ValueError:
        return False
    return ":" in login and login.isprintable()


def _is_shape(value: bytes) -> bool:
    return is_random(value) and not is_placeholder(value)


def _is_prefixed(value: bytes) -> bool:
    return is_opaque(value) or is_hex(value)


SHAPES: tuple[Phrase, ...] = (
    phrase(
        "password:address",
        rb"[\w.\-]{1,60}:(?P<secret>[^\s/:@\"'`\\(){}\[\]<>]{6,100})@(?!sha[0-9])(?:(?:tcp|unix)\("
        rb"|[\w.\-]{2,100}:[0-9]{2,5})",
        is_clear_password,
        before=rb"(?<![\w/:.\-])",
        signs=(rb"@(?:tcp|unix)\(|:[^\s/:@]{6,}@[\w.\-]{2,}:[0-9]{2}",),
    ),
    phrase(
        "password:file",
        rb":[0-9]{4,5}:[^\s:\"'\\]{1,64}:[^\s:\"'\\]{1,64}:(?P<secret>[^\s:\"'\\]{6,200})",
        is_clear_password,
        before=rb"(?<=[\w*\]])",
        behind=rb"(?![^\s\"'\\])",
        signs=(rb":[0-9]{4,5}:[^\s:\"'\\]+:[^\s:\"'\\]+:",),
    ),
    phrase(
        "jwk",
        rb"QUOTE(?:d|k|p|q|dp|dq|qi)QUOTE?[ \t]{0,4}:[ \t]{0,4}QUOTE(?P<secret>[\w\-]{42,1400})QUOTE",
        is_opaque,
        is_caseless=False,
        signs=each(
            rb"%b%bQUOTE?[ \t]*:[ \t]*QUOTE[\w\-]{42}",
            (b'"', b"'", b"`"),
            b"d k p q dp dq qi".split(),
        ),
    ),
    phrase(
        "jwk:said",
        rb"(?:jwk|kty)QUOTE?[^\n]{0,60}[ \"'](?:d|k)QUOTE?[ \t]{0,4}[:=][ \t]{0,4}QUOTE?(?P<secret>[\w\-]{42,1400})",
        is_opaque,
        is_caseless=False,
        signs=(b"jwk", b"kty"),
    ),
    phrase(
        "signature",
        rb"(?:response|mac|oauth_signature|oauth_token|signature"
        rb"|hmac)=QUOTE(?P<secret>[A-Za-z0-9+/=%_\-]{20,400})QUOTE",
        _is_shape,
        before=rb"(?<=[ ,])",
        signs=each(rb"%b=[\\\"'`]", b"response mac signature oauth_token".split()),
    ),
    phrase(
        "key:query",
        rb"[?&#](?:key|k|auth|appid|app_id|sig|signature|jwt|code|ticket|sid|session|sessionid|assertion|license|hash"
        rb"|authkey|access|pass|pwd|pw|creds|t|s)=(?P<secret>[\w.~%+/=\-]{20,4000})",
        lambda value: is_opaque(value) or is_hex(value),
    ),
    phrase(
        "authorization",
        rb"basic(?:[ \t]|%20){1,4}(?P<secret>[A-Za-z0-9+/]{12,800}={0,2})",
        is_login,
    ),
    phrase(
        "cookie:file",
        rb"(?:TRUE|FALSE)GAP/[^\s\\]{0,60}GAP(?:TRUE|FALSE)GAP[0-9]{1,20}GAP[\w.!%-]{1,60}GAP"
        rb"(?P<secret>[^\s\"'\\]{12,4000})".replace(b"GAP", rb"(?:\t|\\{1,15}t)"),
        is_random,
        is_caseless=False,
    ),
    phrase(
        "key:option",
        rb"[ ]-[ktpPsSabK][ =]?QUOTE?(?P<secret>[\w+=\-][\w+/=\-]{31,300})",
        is_opaque,
        is_caseless=False,
    ),
    phrase(
        "api-key",
        rb"(?:live|secret|sk|pat|token|apikey|api_key|rk|sec|tok|key)[_\-](?P<secret>[A-Za-z0-9]{20,200})",
        _is_prefixed,
        before=rb"(?<=[A-Za-z0-9][_\-])",
        behind=rb"(?![A-Za-z0-9_\-])",
        is_caseless=False,
        signs=each(rb"%b%b[A-Za-z0-9]{20}", b"live secret sk pat token rk sec tok key".split(), (b"_", b"-")),
    ),
    phrase(
        "azure",
        rb"(?P<secret>[A-Za-z0-9/+_\-]{33,84}(?:AzFu|AzSe|AzCa|\+ASt|\+ACDb|ACDb|\+AMC|\+ABa|AAAAACOG|ACAAAAAAA"
        rb"|AEhG|APIM)"
        rb"[A-Za-z0-9/+_\-]{4,48}={0,2})",
        is_opaque,
        before=BOUNDARY,
        is_caseless=False,
        signs=each(
            rb"%b[A-Za-z0-9/+_\-]{4}",
            rb"AzFu AzSe AzCa \+ASt ACDb \+AMC \+ABa AAAAACOG ACAAAAAAA AEhG [A-Za-z0-9/+_\-]APIM".split(),
        ),
    ),
    phrase(
        "api-key:ending",
        rb"(?P<secret>[a-f0-9]{32}-us[0-9]{1,2}|[a-f0-9]{36}NRAL|[A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk"
        rb"|[0-9]/[0-9]{16}(?:/[0-9]{16})?:[a-f0-9]{32}|[A-Za-z0-9]{14}\.atlasv1\.[\w\-]{60,70})",
        _is_shape,
        before=BOUNDARY,
        behind=rb"(?![A-Za-z0-9])",
        is_caseless=False,
    ),
    phrase(
        "discord",
        rb"(?P<secret>[MNO][A-Za-z0-9_\-]{23,28}\.[\w\-]{6}\.[\w\-]{27,40})",
        is_opaque,
        before=BOUNDARY,
        behind=rb"(?![\w-])",
        is_caseless=False,
        signs=(rb"[\w\-]\.[\w\-]{6}\.[\w\-]{27}",),
    ),
    phrase(
        "telegram",
        rb"(?P<secret>[0-9]{8,10}:[A-Za-z0-9_\-]{35})",
        is_opaque,
        before=BOUNDARY,
        behind=rb"(?![\w-])",
        is_caseless=False,
    ),
    phrase(
        "key:encoded",
        rb"(?P<secret>S[UAONCX][A-Z2-7]{56}|S[A-Z2-7]{55})",
        _is_shape,
        before=BOUNDARY,
        behind=rb"(?![A-Za-z0-9_+/=-])",
        is_caseless=False,
        signs=(rb"S[A-Z2-7]{55}",),
    ),
    phrase(
        "license",
        rb"(?P<secret>[A-Z0-9]{5}(?:-[A-Z0-9]{5}){4})",
        _is_shape,
        before=rb"(?<![\w-])",
        behind=rb"(?![\w-])",
        is_caseless=False,
    ),
)
