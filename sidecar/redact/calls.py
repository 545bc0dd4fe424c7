"""Secrets handed over by calls: typed into the field of a form, or beside the name of a connection string or key."""

import re

from sidecar.redact.drawn import is_drawn_key
from sidecar.redact.phrase import Phrase, each, phrase
from sidecar.redact.stand_ins import is_placeholder
from sidecar.redact.values import is_opaque, is_password, is_reference

_FIELD = rb"(?:pass(?:word|wd|phrase|code)|pwd|secret|mot[_-]?de[_-]?passe|kennwort|passwort|contrase)"
_VERBS = (
    *(b"fill", b"fill_?field", b"type", b"type_?text", b"set_?value", b"input_?text", b"enter_?text", b"send_?keys"),
    *(b"change", b"input", b"press_?sequentially", b"val"),
)
_VALUE = rb"QUOTE(?P<secret>[^\s\"'`\\]{4,100})QUOTE"
_SIGN_OF_PASSWORD = re.compile(rb"[0-9!@#$%^&*+=?~]")
_ADDRESS = re.compile(rb"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


def _is_typed(value: bytes) -> bool:
    is_shown = is_placeholder(value) or is_reference(value) or _ADDRESS.fullmatch(value) is not None
    return not is_shown and is_password(value) and _SIGN_OF_PASSWORD.search(value) is not None


CALLS: tuple[Phrase, ...] = (
    phrase(
        "password:typed",
        rb"(?:(?:" + b"|".join(_VERBS) + rb")\(|fill_in[ (])[^\n]{0,60}?" + _FIELD + rb"[^\n,]{0,40}?,"
        rb"[^\n\"'`\\]{0,24}" + _VALUE,
        _is_typed,
        before=rb"(?<![\w$])",
        signs=each(
            rb"%b[^\n]{0,60}(?:pass|pwd|secret|kennwort|contrase)",
            (*(verb + rb"\(" for verb in _VERBS), b"fill_in[ (]"),
        ),
        reach=260,
    ),
    phrase(
        "password:typed into",
        _FIELD + rb"[^\n]{0,40}?\)[.!?]{1,2}(?:clear\(\)\.|first\(\)\.)?(?:(?:" + b"|".join(_VERBS) + rb")\([ ]?"
        rb"|value[ ]?=[ ]?)" + _VALUE,
        _is_typed,
        signs=(*each(rb"\)[.!?]{1,2}%b\([ ]?[\\\"'`]", _VERBS), rb"\)[.!?]{1,2}value[ ]?=[ ]?[\\\"'`]"),
        reach=160,
    ),
    phrase(
        "key:connection",
        rb"conn(?:ection)?[_ -]?str(?:ing)?QUOTE?[ \t]{0,4}(?:=>|[:=,])[ \t]{0,4}(?:QUOTE){0,2}"
        rb"(?P<secret>[\w+/\-]{24,600}={0,2})",
        is_opaque,
        behind=rb"(?![\w;:=(.])",
        signs=each(rb"conn%b[_ -]?str%b[\"'`\\]{0,16}[ \t]*[:=,]", (b"", b"ection"), (b"", b"ing")),
    ),
    phrase(
        "key:listed",
        rb"QUOTEkey_?nameQUOTE[ \t]{0,4}[:=][^{}]{1,240}?QUOTEvalueQUOTE?[ \t]{0,4}[:=][ \t]{0,4}"
        rb"QUOTE(?P<secret>[^\s\"'`\\]{16,500})",
        is_drawn_key,
        signs=each(rb"key%b[\"'`\\]{1,16}[ \t]*[:=]", (b"name", b"_name")),
        reach=400,
    ),
)
