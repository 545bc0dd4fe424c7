"""Passwords that commands take behind a user, a server or a word of their own, where no option names them."""

import re

from sidecar.redact.drawn import is_drawn_key
from sidecar.redact.made_up import is_dotted, is_made_up
from sidecar.redact.phrase import Phrase, each, phrase
from sidecar.redact.stand_ins import is_placeholder
from sidecar.redact.values import is_clear_password, is_password, is_random, is_reference

_SIGN_OF_PASSWORD = re.compile(rb"[0-9!#%^&*+=?~]")
_SHOWN = re.compile(rb"[$<\[{(].*|[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_VALUE = rb"QUOTE?(?P<secret>[^\s\"'`\\,;|()<>]{5,100})"
_ENDED = rb"(?=[\s\"'`;|@<)]|\\|\Z)"
_CLIENTS = (b"expdp", b"impdp", b"sqlplus", b"sqlldr", b"sqlcl", b"rman target", b"exp", b"imp")
"""Of Oracle."""


def _is_handed(value: bytes) -> bool:
    if _SHOWN.fullmatch(value) or is_placeholder(value):
        return False
    return is_made_up(value) or is_dotted(value) or (is_clear_password(value) and not is_reference(value))


def _is_passed(value: bytes) -> bool:
    is_shown = _SHOWN.fullmatch(value) is not None or is_placeholder(value)
    return not is_shown and is_password(value) and _SIGN_OF_PASSWORD.search(value) is not None


COMMANDS: tuple[Phrase, ...] = (
    phrase(
        "password:of user",
        rb"(?:change_password|add_user|set_password|change_user_password)[ ]{1,2}QUOTE?[\w.@-]{1,60}QUOTE?[ ]{1,2}"
        + _VALUE,
        _is_handed,
        behind=_ENDED,
        signs=each(rb"%b[ ]", (b"change_password", b"add_user", b"set_password", b"change_user_password")),
        is_caseless=False,
    ),
    phrase(
        "password:passed",
        rb"[ ]-pass(?:in|out)?[ ]{1,2}QUOTE?pass:" + _VALUE,
        _is_passed,
        signs=(rb"-pass(?:in|out)?[ ]{1,2}[\\\"']{0,16}pass:",),
        is_caseless=False,
    ),
    phrase(
        "password:of client",
        rb"(?:expdp|impdp|sqlplus|sqlldr|sqlcl|rman[ ]target|(?:exp|imp)(?=[^\n]{1,160}(?:@|[ ]\w{3,12}=)))"
        rb"[ ](?:-\w{1,8}[ ]){0,3}(?:userid=)?QUOTE?"
        rb"[\w$#]{1,40}/QUOTE?(?P<secret>[^\s@\"'`\\/,;|()<>]{5,100})",
        _is_handed,
        before=rb"(?<![\w./-])",
        behind=_ENDED,
        signs=each(rb"%b[ ][^\n/]{1,60}/", _CLIENTS),
        is_caseless=False,
    ),
    phrase(
        "key:of server",
        rb"(?:tacacs|radius)(?:-server)?[ ](?:[\w.:-]{1,60}[ ]){0,10}?key[ ](?:[0-9][ ])?" + _VALUE,
        _is_passed,
        signs=each(rb"%b(?:-server)?[ ]", (b"tacacs", b"radius")),
    ),
    phrase(
        "key:of account",
        rb"b2[ ](?:account[ ]authorize|authorize[-_]account)[ ]{1,2}[0-9a-f]{12,25}[ ]{1,2}QUOTE?"
        rb"(?P<secret>[A-Za-z0-9+/]{20,60})",
        lambda value: is_random(value) or is_drawn_key(value),
        signs=(rb"account[ ]authorize[ ]", rb"authorize[-_]account[ ]"),
        is_caseless=False,
    ),
)
