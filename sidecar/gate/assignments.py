"""Settings that may stand before a command as assignments: a closed list of names, each with the values it may take.

Most variables that programs read decide what is run or from where; those here choose a way of running that cannot.
"""

import re
from itertools import takewhile

from sidecar.gate.arguments import is_reviewed, pieces
from sidecar.gate.target_names import DANGEROUS_PIECES
from sidecar.gate.valued import Value

_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=.*")
_SWITCH = re.compile(r"0|1|true|false")
_TESTING = re.compile(r"test|testing|ci")
_LOCALE = re.compile(r"C|C\.(?:UTF-8|utf8)|POSIX|en_US\.UTF-8")
_DUMMY = re.compile(r"dummy")
_SETTINGS = re.compile(Value.SETTINGS.value)
_FOLDERS = re.compile(r"(?:\.|(?:\./)?\w[\w./-]*)(?::(?:\.|(?:\./)?\w[\w./-]*))*")
_VALUES: dict[str, re.Pattern[str]] = {
    **dict.fromkeys(
        (
            *("NO_COLOR", "FORCE_COLOR", "PY_COLORS", "CGO_ENABLED"),
            *("PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE", "PYTHONFAULTHANDLER", "PYTHONUTF8"),
        ),
        _SWITCH,
    ),
    **dict.fromkeys(("NODE_ENV", "RAILS_ENV", "RACK_ENV", "APP_ENV", "MIX_ENV", "FLASK_ENV"), _TESTING),
    **dict.fromkeys(("LANG", "LC_ALL", "LC_CTYPE"), _LOCALE),
    **dict.fromkeys(("SDL_VIDEODRIVER", "SDL_AUDIODRIVER"), _DUMMY),
    "CI": re.compile(r"1|true"),  # without it, some builds let warnings pass
    "CARGO_TERM_COLOR": re.compile(r"never|always"),
    "DJANGO_SETTINGS_MODULE": _SETTINGS,
    "MPLBACKEND": re.compile(r"[Aa]gg"),
    "PYTHONHASHSEED": re.compile(r"\d{1,6}|random"),
    "PYTHONPATH": _FOLDERS,
    "QT_QPA_PLATFORM": re.compile(r"offscreen|minimal"),
    "RUST_BACKTRACE": re.compile(r"0|1|full"),
    "TZ": re.compile(r"UTC|[A-Z][a-z]+/[A-Z][A-Za-z_]+"),
}


def assignments_of(words: list[str]) -> list[str]:
    """The assignments that an argument vector begins with."""
    return list(takewhile(lambda word: _ASSIGNMENT.fullmatch(word) is not None, words))


def assignment_fault(assignment: str) -> str | None:
    """Why no rule may set this variable to this value; None when it may."""
    name, _, value = assignment.partition("=")
    allowed = _VALUES.get(name)
    if allowed is None:
        return f"the variable {name!r} is on no list of harmless settings"
    is_allowed = allowed.fullmatch(value) is not None and not pieces(value) & DANGEROUS_PIECES
    if allowed is _FOLDERS:
        is_allowed = is_allowed and all(is_reviewed(folder) for folder in value.split(":"))
    return None if is_allowed else f"{name} may not be set to {value!r}"
