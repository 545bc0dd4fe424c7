"""What follows a program that is known: options of the lists, plain words, paths inside the repository."""

import re

from sidecar.gate.arguments import is_address, is_host, is_plain
from sidecar.gate.programs import OPTIONS, OWN_OPTIONS, SCRIPTED, TARGETED

OF_PACKAGE = re.compile(r"(?:@[\w-]+/)?[\w-]+")
"""The name of a package, with the scope of its owner."""
_VALUE = re.compile(r"[\w.,-]+")
_JOBS = re.compile(r"(?<=^-[jnT])\d{1,3}$")
_DEFINITION = re.compile(r"-D[A-Z_]*(?:TEST|TESTS|TESTING)=(?:ON|1|TRUE)")
"""Of CMake: that tests are built, too."""
_OFF = re.compile(r"false|off|none?|never|null", re.IGNORECASE)
"""What turns a switch into its opposite."""
_SHOWING = frozenset(("--color", "--tb"))
"""Options that may be turned off: nothing is found or missed by them."""
_FEW = re.compile(r"\d{1,2}")
_LABELLED = frozenset(("bazel", "bazelisk", "buck2", "pants"))
"""Programs that read `//x` as a target; to others it is a path from the root."""
_KINDS_OF_TESTS = "unit integration e2e slow smoke"
_NEEDY_TESTS = "slow gpu cuda network online internet external live docker integration e2e benchmark"
"""What markers call tests that not every machine can run."""
_MARKERS = frozenset((*_KINDS_OF_TESTS.split(), *(f"not {marker}" for marker in _NEEDY_TESTS.split())))


def rest_fault(name: str, rest: list[str]) -> str | None:
    """Why no rule may name what follows a program; None when every word of it is accounted for.

    Args:
        name: Of the program; empty for a script of the repository.
    """
    if "--diff" in rest and not {"--check", "--check-only", "format"} & set(rest):
        return "to show what differs finds no fault"
    before = ""
    for word in rest:
        fault = _option_fault(name, word) if word.startswith("-") else _word_fault(name, before, word)
        if fault is not None:
            return fault
        before = word
    return None


def _option_fault(name: str, word: str) -> str | None:
    option, _, value = word.partition("=")
    known = OPTIONS | OWN_OPTIONS.get(name, frozenset())
    is_listed = _JOBS.sub("", option) in known and (not value or _VALUE.fullmatch(value))
    is_definition = name == "cmake" and _DEFINITION.fullmatch(word)
    if word != "--" and not is_definition and not is_listed and (name, word) != ("pytest", "-m"):
        return f"the option {word!r} is on no list of harmless ones"
    return _value_fault(option, value) if value else None


def _word_fault(name: str, before: str, word: str) -> str | None:
    if name == "pytest" and before == "-m":
        return None if word in _MARKERS else f"the marker {word!r} may select nothing"
    is_told = name == "" or name in SCRIPTED or name in TARGETED
    is_elsewhere = (name != "dotnet" and is_host(word)) or (is_told and is_address(word))
    is_from_root = word.startswith("//") and name not in _LABELLED
    if is_elsewhere or is_from_root or (name == "deno" and ":" in word):
        return f"{word!r} may be a place outside the repository"
    if not is_plain(word) and not (name == "nx" and OF_PACKAGE.fullmatch(word)):
        return f"{word!r} is no plain word or path inside the repository"
    return _value_fault(before, word) if before.startswith("--") else None


def _value_fault(option: str, value: str) -> str | None:
    """Why an option may not be given a value: it would find less than without the option."""
    if option == "--max-warnings":
        return None if _FEW.fullmatch(value) else f"so many warnings as {value!r} are as good as no check"
    is_off = _OFF.fullmatch(value) is not None and option not in _SHOWING
    return f"{option} may not be turned off" if is_off else None
