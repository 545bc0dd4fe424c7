r"""Columns whose header names a secret: of psql, mysql, sqlcmd and Markdown under a ruled line, and of CSV.

Cells are told apart by the bars between them, or by the runs of the ruled line where there are none. A row that has
not as many as the header ends the table. Line ends may be escaped.
"""

import itertools
import re
from collections.abc import Callable, Iterator

from sidecar.redact.drawn import is_drawn_key
from sidecar.redact.keys import Word, word_of
from sidecar.redact.phrase import Phrase, each, phrase
from sidecar.redact.stand_ins import is_placeholder
from sidecar.redact.told import is_told_password
from sidecar.redact.values import is_bare_password, is_passphrase, is_reference, is_worded

_END = rb"(?:(?:\\{1,15}r|\r)?(?:\n|\\{1,15}n))"
_BEFORE = re.compile(rb"(?:\n|\\{1,15}n|\"|\A)((?:(?!\\{1,15}n)[^\n\"]){1,800})\Z")
_ROW = re.compile(_END + rb"((?:(?!" + _END + rb"|\\{1,15}\")[^\n\"]){1,800})")
_WORDS = (b"key", b"token", b"secret", b"passw", b"pwd", b"credential", b"contrase", b"kennwort", b"mot[ ]de[ ]passe")
_FOREIGN = re.compile(rb"passwor[td]|kennwort|contrase.{1,12}|mot de passe", re.IGNORECASE)
_BAR = re.compile(rb"\||\xe2\x94\x82|\xe2\x95\x91")
_WORD = rb"(?:" + b"|".join(_WORDS) + rb")"
_LISTED = (
    *(b"password", b"passwd", b"pwd", b"pass", b"db_password", b"user_password", b"secret", b"client_secret", b"pin"),
    *(b"token", b"access_token", b"api_token", b"auth_token", b"refresh_token", b"apikey", b"secretkey", b"accesskey"),
    *(b"api_key", b"secret_key", b"access_key", b"private_key", b"secret[ ]access[ ]key", b"passwort", b"kennwort"),
)
_NAME = rb"(?:" + b"|".join(_LISTED) + rb")"
_MARK = rb"(?:[,;|]|\t|\\{1,15}t)"
_COMMA = re.compile(_MARK)
_NAMES = re.compile(rb"[\w -]{1,40}(?:" + _MARK + rb"[\w -]{1,40}){1,30}")
_ANOTHER = re.compile(rb"-{2}[-+|: \t]*\Z|" + _MARK + _NAME + rb"(?=" + _MARK + rb"|\Z)", re.IGNORECASE)
"""A row that is ruled, or names columns."""
_RULING = rb"[ \t|+:]{0,8}-{2,}+(?:[: ]?[|+][: ]?|[ ]{1,2})-[-+|: \t]{0,800}"
_RUN = re.compile(rb"-+")
_BOX = (
    rb"[ \t]{0,8}\xe2[\x94\x95][\x80-\xbf](?:\xe2\x94\x80|\xe2\x95\x90){2,80}"
    rb"\xe2[\x94\x95][\x80-\xbf](?:\xe2[\x94\x95][\x80-\xbf]){2,300}"
)
_MAX_HEADER = 820
_MAX_ROWS = 400

_Span = tuple[int, int]
_Split = Callable[[bytes, int, int], list[_Span]]


def _between(mark: re.Pattern[bytes]) -> _Split:
    def split(text: bytes, start: int, end: int) -> list[_Span]:
        marks = [found.span() for found in mark.finditer(text, start, end)]
        return list(zip([start, *(last for _, last in marks)], [*(first for first, _ in marks), end], strict=True))

    return split


def _under(ruling: bytes) -> _Split:
    starts = [run.start() for run in _RUN.finditer(ruling)]

    def split(_text: bytes, start: int, end: int) -> list[_Span]:
        edges = [min(start + at, end) for at in starts] + [end]
        return list(itertools.pairwise(edges))

    return split


def _word(header: bytes) -> Word | None:
    name = header.strip(b" \t*`'")
    return Word.PASSWORD if _FOREIGN.fullmatch(name) else word_of(name.replace(b" ", b"_"))


def _is_secret(word: Word, value: bytes) -> bool:
    if len(value) < 6 or b" " in value or is_placeholder(value) or is_reference(value):
        return False
    if word is Word.PASSWORD:
        return is_told_password(value) or is_worded(value) or is_bare_password(value)
    return is_drawn_key(value) or is_passphrase(value)


def _in_columns(text: bytes, header: _Span, end: int, split: _Split) -> Iterator[_Span]:
    """Where secrets stand in the rows that follow `end` in columns that `header` names so, up to another table."""
    names = split(text, *header)
    words = {at: word for at, span in enumerate(names) if (word := _word(text[slice(*span)])) is not None}
    row = _ROW.match(text, end) if words and len(names) > 1 else None
    rows = 0
    while row is not None and rows < _MAX_ROWS:
        cells = split(text, *row.span(1))
        if len(cells) != len(names) or _ANOTHER.search(text, *row.span(1)):
            return
        for at, word in words.items():
            value = text[slice(*cells[at])].strip(b" \t`*")
            if _is_secret(word, value):
                start = text.index(value, *cells[at])
                yield start, start + len(value)
        row = _ROW.match(text, row.end())
        rows += 1


def _ruled(match: re.Match[bytes]) -> Iterator[_Span]:
    text = match.string
    header = _header(text, match.start("end"))
    if header is None:
        return
    ruling = match.group("secret")
    has_bars = _BAR.search(ruling) is not None or b"+" in ruling or b"\xe2" in ruling
    yield from _in_columns(text, header, match.end(), _between(_BAR) if has_bars else _under(ruling))


def _listed(match: re.Match[bytes]) -> Iterator[_Span]:
    header = _header(match.string, match.end("secret"))
    if header is not None and _NAMES.fullmatch(match.string, *header):
        yield from _in_columns(match.string, header, match.end("secret"), _between(_COMMA))


def _header(text: bytes, end: int) -> _Span | None:
    """The line that ends there."""
    line = _BEFORE.search(text, max(0, end - _MAX_HEADER), end)
    return None if line is None else line.span(1)


TABLES: tuple[Phrase, ...] = (
    phrase(
        "secret:ruled",
        _WORD + rb"[^\n]{0,200}?(?P<end>" + _END + rb")(?P<secret>" + _RULING + rb"|" + _BOX + rb")",
        bool,
        behind=rb"(?=" + _END + rb")",
        signs=(
            *each(rb"-%b%b%b-", (b"", b":", b"[ ]"), (rb"\|", rb"\+"), (b"", b":", b"[ ]")),
            *(rb"--[ ]-", rb"--[ ][ ]-"),
            *each(rb"%b\xe2[\x94\x95]", (b"\xe2\x94\x80\xe2\x94\xbc", rb"\xe2\x95\x90\xe2\x95\xaa")),
        ),
        within=_ruled,
        reach=850,
    ),
    phrase(
        "secret:listed",
        rb"(?P<secret>" + _MARK + _NAME + rb"(?:" + _MARK + rb"[\w-]{1,40}){0,20})" + _END + rb"[^\n]{1,400}?" + _MARK,
        bool,
        signs=each(rb"[,;|\tt]%b[,;|\r\n\\\t]", _LISTED),
        within=_listed,
        reach=500,
    ),
)
