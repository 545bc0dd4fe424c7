"""Passwords told in a talk: answered in the next line, set to a value, behind a clause, before the word for them."""

import re

from sidecar.redact.drawn import is_drawn_key, is_of_drawn_letters
from sidecar.redact.made_up import is_dotted, is_made_up
from sidecar.redact.phrase import Phrase, each, phrase
from sidecar.redact.stand_ins import is_placeholder
from sidecar.redact.told import is_told_password
from sidecar.redact.values import is_reference

_LINE_END = rb"[ \t]{0,4}(?:(?:\\{1,15}r|\r)?(?:\n|\\{1,15}n)){1,2}"
_ALL_WORDS = (
    *(b"password", b"passphrase", b"passcode", b"passwd", b"kennwort", b"passwort", b"mot[ ]de[ ]passe", b"senha"),
    *(b"contrase\xc3\xb1a", b"contrasena", b"pwd", rb"\bpw\b"),
)
_WORD = rb"(?:pass(?:word|phrase|code|wd)|kennwort|passwort|mot[ ]de[ ]passe|senha|contrase(?:\xc3\xb1|n)a|pwd?)"
_BYTE = rb"(?:[^\s\"'`\\,;<>(){}\[\]|\x00-\x1f]|\\{1,15}u[0-9a-f]{4})"
_VALUE = rb"(?P<secret>" + _BYTE + rb"{6,100})"
_RUN = rb"(?P<secret>[^\s\"'`\\,;<>(){}\[\]|\x00-\x1f]{6,100}+)"
_ENDED = rb"(?=[\"'`.!)]{0,3}[ \t]{0,4}(?:[\r\n\"]|,[ ]|\\{1,15}[rn\"]|\Z))"
_ADDRESS = re.compile(rb"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_OF_WORDS = re.compile(rb"[a-z]{3,12}(?:([.\-_])[a-z]{3,12})(?:\1[a-z]{3,12}){2,7}")
_SIGN = re.compile(rb"[0-9!@#$%^&*+=?~]")


def _is_told(value: bytes) -> bool:
    return is_told_password(value) or (not _ADDRESS.fullmatch(value) and (is_made_up(value) or is_dotted(value)))


def _is_answer(value: bytes) -> bool:
    if is_placeholder(value) or _ADDRESS.fullmatch(value) or b"://" in value:
        return False
    if _is_told(value) or is_drawn_key(value) or _OF_WORDS.fullmatch(value):
        return True
    return _SIGN.search(value[:-1]) is not None and not is_reference(value) and b"/" not in value and b"=" not in value


def _is_of_app(value: bytes) -> bool:
    return is_of_drawn_letters(value.replace(b" ", b""))


ANSWERS: tuple[Phrase, ...] = (
    phrase(
        "password:answered",
        _WORD
        + rb"[^\n?:]{0,60}\?[ )]{0,3}"
        + _LINE_END
        + rb"(?:[>\-*] ?)?(?:[@<\[(]?[\w .@-]{1,30}[>\])]?:[ ]|\w{1,12}[ ]?>[ ])?"
        rb"(?:(?:it'?s|its|try|use|sure|yes|yep|ok|here|ah|oh)[,:]?[ ]){0,3}QUOTE?" + _VALUE,
        _is_answer,
        behind=_ENDED,
        signs=each(rb"%b[^\n?:]*\?", _ALL_WORDS),
        reach=280,
    ),
    phrase(
        "password:set",
        rb"(?:set|chang|reset|updat|rotat|switch|revert|assign|default|hardcod)[a-z]{0,4}[ ]"
        rb"(?:(?:[\w./@-]|'s){1,30}[ ]){0,5}?" + _WORD + rb"(?:[ ](?:for|of|on|in|at)(?:[ ][\w.@'/-]{1,40}){1,3}?)?"
        rb"[ ](?:back[ ])?(?:to|=|as|with)[ ]{1,2}QUOTE?" + _VALUE,
        _is_told,
        before=rb"(?<![a-z])(?=[scruadh])",
        signs=each(rb"%b[ ]", _ALL_WORDS),
        reach=260,
    ),
    phrase(
        "password:clause",
        _WORD
        + rb"(?:,?[ ](?:for|of|on|in|at|that|which|i|we|you|they|he|she|to|the|a|my|our|used?|gave|chose|picked|set"
        rb"|still|currently|now|just|stays?|remains?|became|becomes|has|been|changed|again|there|here|works?"
        rb"|[\w.@'/-]{2,24}(?=[ ](?:is|was|now))))"
        rb"{1,7}?[ ](?:is|was|to)[ ](?:(?:still|now|just|currently|always|simply|literally|again)[ ])?QUOTE?" + _VALUE,
        _is_told,
        before=rb"(?=[pkmsc])",
        signs=each(rb"%b,?[ ]", _ALL_WORDS),
        reach=310,
    ),
    phrase(
        "password:before",
        rb"(?:use|using|with|try|type|enter|it'?s|is|was|put|the)[ ]QUOTE?"
        + _RUN
        + rb"QUOTE?[ ](?:as|is|for|when|=)[ ]"
        rb"(?:(?:the|my|your|our|a|an|it|asks|asked|for|prompted|still|currently|now|temporary|initial|root"
        rb"|admin|shared|old|new|current|db|wifi|sudo|\w{2,12})[ ]){0,4}?" + _WORD + rb"(?![\w-])",
        _is_told,
        before=rb"(?<![\w-])",
        signs=each(rb"[ ]%b", _ALL_WORDS),
        reach=300,
    ),
    phrase(
        "password:of groups",
        rb"pass(?:word|wd)?QUOTE?(?:[ ]{0,2}[:=][ ]{0,2}|[ ]is[ ])QUOTE?(?P<secret>[a-z]{4}(?:[ ][a-z]{4}){3})",
        _is_of_app,
        behind=rb"(?![A-Za-z0-9])",
        signs=each(
            rb"%b[\"'`\\]{0,16}(?:[ ]is)?[ ]{0,2}[:=]?[ \"'`\\]{0,18}[a-z]{4}[ ][a-z]{4}[ ][a-z]{4}[ ][a-z]{4}",
            (b"pass", b"password", b"passwd"),
        ),
        reach=120,
    ),
    phrase(
        "password:is",
        _RUN + rb"QUOTE?[ ](?:is|was)[ ](?:the|my|our|your)[ ](?:[\w.-]{1,16}[ ]){0,3}?" + _WORD + rb"(?![\w-])",
        _is_told,
        before=rb"(?:(?<![^\s\"'`(:=])|(?<=\\[nrt]))",
        signs=each(rb"[ ]%b", _ALL_WORDS),
        reach=180,
    ),
    phrase(
        "password:beside user",
        rb"(?:user(?:name)?|login|account|admin)[ :=]{1,3}QUOTE?[\w.@+-]{2,40}QUOTE?[ ]?[,;/]?[ ]{1,2}"
        rb"(?:(?:and|with|the)[ ]){0,2}" + _WORD + rb"[ :=]{1,3}(?:is[ ])?QUOTE?" + _VALUE,
        _is_told,
        signs=each(rb"[ ]%b[ :=]", _ALL_WORDS),
        reach=200,
    ),
    phrase(
        "password:login with",
        rb"(?:log(?:ged|ging)?[ -]?in|sign(?:ed|ing)?[ -]?in|credentials?|creds)(?=[ :])[^\n]{0,80}?"
        rb"(?:[ ](?:with|as|using|are|is)|:)"
        rb"[ ]{1,2}QUOTE?[\w.@+-]{2,50}QUOTE?[ ]?(?:/|:|and|,|with)[ ]?QUOTE?" + _VALUE,
        _is_told,
        signs=(
            *each(rb"%b%bin[ :]", (b"log", b"logged", b"logging", b"sign", b"signed", b"signing"), (b"", b" ", b"-")),
            *each(rb"%b[ :]", (b"credential", b"credentials", b"creds")),
        ),
        reach=260,
    ),
)
