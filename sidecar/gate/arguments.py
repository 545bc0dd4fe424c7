"""Single words of a command: plain ones, targets, paths inside the repository."""

import re

from sidecar.gate.paths import is_forbidden_path, is_foreign_path
from sidecar.gate.target_names import DANGEROUS_PIECES, OUTWARD_PIECES, WORK

_PLAIN = re.compile(r"(?:\./)?[A-Za-z0-9_*][\w.:/*\[\],-]*|\.|\./\.\.\.|\.\[[\w,]+\]")
"""None begins with `@`: many programs read more arguments from the file behind it."""
_LABEL = re.compile(r"//[\w/-]*(?:\.\.\.)?(?::[\w-]+)?|(?::[\w-]+)+|\+[a-z][\w-]*")
"""A target of Bazel, Gradle or Earthly in this repository."""
_TARGET = re.compile(r"[A-Za-z][\w:.-]*")
_SCRIPT = re.compile(r"(?:\./)?\w[\w/.-]*")
_UNREVIEWED = re.compile(
    r"(?:^|/)\.[^./]|env[\w.-]*/(?:bin|lib|scripts)/|(?:^|/)(?:uploads?|downloads?|attachments|media)/", re.IGNORECASE
)
"""Hidden, installed, or brought by those who use what the repository serves."""
_FOLDER = re.compile(r"(?:\./)?\w[\w./@-]*")
_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}[/:](?![:\d])", re.IGNORECASE)
_ADDRESS = re.compile(
    r"(?:[\w.-]+\.(?:com|net|org|io|dev|app|info|biz|cloud|xyz|site|online|tech|example|invalid|onion|internal|local|co"
    r"|ai|me|eu|us|uk|ru|cn|de|fr|nl|jp|kr|in|br|su|top)|\d{1,3}(?:\.\d{1,3}){3}|0x[0-9a-f]+|localhost)(?::\d+)?",
    re.IGNORECASE,
)
"""A machine, by its name or its number."""
_ENDING = re.compile(r"\.\w+$")


def is_plain(word: str) -> bool:
    """Whether a word names something inside the repository, or chooses among what a program does."""
    if _LABEL.fullmatch(word):
        return not pieces(word) & DANGEROUS_PIECES
    return _PLAIN.fullmatch(word) is not None and not pieces(word) & DANGEROUS_PIECES and is_inside(word)


def is_script(word: str) -> bool:
    """Whether a path may be run: of the repository, where others than its team put nothing."""
    is_path = _SCRIPT.fullmatch(word) is not None and _UNREVIEWED.search(word) is None
    return is_path and is_inside(word) and not pieces(_ENDING.sub("", word)) & OUTWARD_PIECES


def is_folder(word: str) -> bool:
    """Whether a path may be worked in; no option, and no sign that a shell reads."""
    return _FOLDER.fullmatch(word) is not None and is_reviewed(word)


def is_host(word: str) -> bool:
    """Whether a word reads as a place elsewhere, `example.com/x` or `example.com:x`."""
    return _HOST.match(word) is not None


def is_address(word: str) -> bool:
    """Whether a word alone can name a machine, where no module or file is called so: `example.com`, `10.0.0.9:22`."""
    return _ADDRESS.fullmatch(word) is not None


def is_target(word: str) -> bool:
    """Whether a word can be the name of a check or a build."""
    return _TARGET.fullmatch(word) is not None and not pieces(word) & (DANGEROUS_PIECES | OUTWARD_PIECES)


def is_work(word: str) -> bool:
    """Whether a name says that something is checked or built."""
    return bool(pieces(word) & WORK)


def pieces(word: str) -> frozenset[str]:
    """`ktlintFormat` and `db:test` are two words each; the ending of a glob says nothing."""
    name = re.sub(r"(?<=\*)\.[a-z]{1,4}$", "", word)
    return (
        frozenset(re.split(r"[-:_./]", name.lower()))
        | frozenset(re.findall(r"[a-z]+|[A-Z][a-z]+", name))
        | frozenset(piece.lower() for piece in re.findall(r"[A-Z][a-z]+", name))
    )


def is_reviewed(path: str) -> bool:
    """Whether what lies in a folder may be run: inside, and none that is hidden or that users fill."""
    return is_inside(path) and _UNREVIEWED.search(f"{path.removesuffix('/')}/") is None


def is_inside(path: str) -> bool:
    """Whether a path lies in the repository, and not where others write."""
    return not is_forbidden_path(path.removesuffix("/...")) and not is_foreign_path(path)
