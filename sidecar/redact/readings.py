"""How each part of the syntax of headers, commands and sentences is read, and when what was read is a secret."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from sidecar.redact import syntax
from sidecar.redact.made_up import is_dotted, is_made_up
from sidecar.redact.shapes import is_login
from sidecar.redact.sieve import Part
from sidecar.redact.values import is_clear_password, is_reference, is_unlike_words

_USER_BEFORE = re.compile(rb"(?:\A|[ \t])(?:-[uUl]|-{1,2}user(?:name)?|/u:)(?:[ \t=]|[^\s-])")
"""A user is named before: then the option with a `p` is a password, whatever the command."""


def _is_request_option(match: re.Match[bytes]) -> bool:
    return syntax.REQUEST_COMMANDS.search(command_before(match)) is not None


def _is_password_option(match: re.Match[bytes]) -> bool:
    command = command_before(match)
    secret = match.group("secret")
    is_told = _USER_BEFORE.search(command) is not None and (
        is_clear_password(secret) or is_made_up(secret) or is_dotted(secret)
    )
    if match.group()[3:4] not in (b" ", b"\t"):
        return is_told or (match.group()[2:3] == b"p" and syntax.JOINED_COMMANDS.search(command) is not None)
    is_port = secret.isdigit() and len(secret) <= 5
    return is_told or (not is_port and syntax.SPACED_COMMANDS.search(command) is not None)


def command_before(match: re.Match[bytes]) -> bytes:
    """The command line that the option stands in, up to the option."""
    before = match.string[max(0, match.start() - syntax.MAX_COMMAND) : match.start()]
    ends = [end.end() for end in syntax.LINE_END.finditer(before)]
    return before[ends[-1] :] if ends else before


def _is_header_secret(match: re.Match[bytes]) -> bool:
    secret = match.group("secret")
    if secret[-1:] == b"+" and secret[:-1].isalpha():
        return False  # `scheme+" "+token`
    is_mixed = any(48 <= byte <= 57 for byte in secret) or secret.lower() != secret
    return is_mixed or len(secret) >= 24


def _is_told(match: re.Match[bytes]) -> bool:
    """`the new password is: …`, `Unseal Key 1: …`, whatever the key is for being said before it."""
    value = match.group("secret").rstrip(b".,;:")
    if match.group()[:1] == b" " and not syntax.SENTENCE_KEY.search(
        match.string, max(0, match.start() - 12), match.start()
    ):
        return False
    return is_unlike_words(value) and not is_reference(value)


def _is_login(match: re.Match[bytes]) -> bool:
    return is_login(match.group("secret"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How one part of the syntax is read."""

    part: Part
    anchors: tuple[bytes, ...]
    pattern: re.Pattern[bytes]
    kind: str
    is_secret: Callable[[re.Match[bytes]], bool] = bool
    is_exact: bool = True
    """The anchor is written in these letters, not in others of another case."""


READINGS = (
    Reading(
        part=Part.AUTHORIZATION,
        anchors=(b"authorization",),
        pattern=syntax.AUTHORIZATION,
        kind="authorization",
        is_secret=_is_header_secret,
        is_exact=False,
    ),
    Reading(
        part=Part.BEARER,
        anchors=(b"bearer",),
        pattern=syntax.BEARER,
        kind="authorization",
        is_secret=_is_header_secret,
        is_exact=False,
    ),
    Reading(
        part=Part.USER_OPTION,
        anchors=(b" -u", b"--user"),
        pattern=syntax.USER_OPTION,
        kind="password",
        is_secret=_is_request_option,
    ),
    Reading(
        part=Part.PASSWORD_OPTION,
        anchors=(b" -p", b" -P", b" -a", b" -w"),
        pattern=syntax.OPTION_VALUE,
        kind="password",
        is_secret=_is_password_option,
    ),
    Reading(
        part=Part.IDENTIFIED_BY,
        anchors=(b"identified ",),
        pattern=syntax.IDENTIFIED_BY,
        kind="password",
        is_exact=False,
    ),
    Reading(part=Part.PIPED_PASSWORD, anchors=(b"echo ", b"printf "), pattern=syntax.PIPED_PASSWORD, kind="password"),
    Reading(
        part=Part.SENTENCE,
        anchors=syntax.SENTENCE_ANCHORS,
        pattern=syntax.SENTENCE,
        kind="secret",
        is_secret=_is_told,
        is_exact=False,
    ),
    Reading(part=Part.DOCKER_AUTH, anchors=(b"auth",), pattern=syntax.DOCKER_AUTH, kind="token", is_secret=_is_login),
)
