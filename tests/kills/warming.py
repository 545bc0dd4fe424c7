"""What a process compiles at its first use, compiled before forking: else every fork would, for a second and a half."""

from sidecar.gate import GateContext, check
from sidecar.redact.sifting import sift

_RULES = ("Run `make check` before every commit.", "Führe die Tests vor jedem Commit aus.")
"""English, and what is read in the other languages too."""


def compile_once() -> None:
    """Compile what secrets look like and the gate's grammar, in this thread: a fork would lose another one."""
    sift(b"")
    for rule in _RULES:
        check(rule, kind=None, scope=None, context=GateContext())
