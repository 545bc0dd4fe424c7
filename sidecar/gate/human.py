"""What stays refused even in a person's own words, and the id under which a refused text waits for a person.

A person may say what no grammar can account for: they answer for it, and another person merges it. What no rule of
ours may ever carry is the same for both: hidden characters, markup, encodings, credentials, and asking for what the
deny categories name.
"""

import hashlib
import re

from sidecar.gate.characters import canonical_text, character_reasons
from sidecar.gate.context import GateContext
from sidecar.gate.denials import denials
from sidecar.gate.encodings import encoding_reasons
from sidecar.gate.markup import markup_reasons

_ID_DIGITS = 10
_CLAUSE = re.compile(r"(?:[;!?:]|\.)(?=\s|$)|[\u3002\uff1b]|\b(?:but|instead|unless|except|otherwise|then|and then)\b")
_FORBIDS = re.compile(
    r"^\s*(?:never|do not|don't|must not|avoid|no rule may)\s+(?:add|append|bypass|call|commit|copy|disable|edit|expose"
    r"|force-push|import|log|mark|paste|print|publish|push|put|read|run|send|set|share|skip|store|touch|upload|use"
    r"|write)\b"
)
"""A clause that is one prohibition may name what it forbids; `do not forget to run …` is none."""
_ASKS_FOR_POWER = re.compile(
    r"\bwithout (?:\w+ )?(?:asking|approval|confirm\w*|permission|consent|review)\b"
    r"|\b(?:skip|bypass|disable|turn off|ignore|auto-?accept|answer yes to)\b.{0,40}"
    r"\b(?:permission|approval|confirm\w*|sandbox|prompt|review)"
    r"|\b(?:agent|assistant)\b.{0,30}\b(?:may|can|is allowed to)\b.{0,30}\b(?:any|all|every)\b"
)
_SENDS_OUT = re.compile(
    r"\b(?:send|post|upload|mail|forward|submit|report|copy|publish)\w*\b.{0,60}"
    r"\b(?:environment|credential|secret|token|password|transcript|conversation|private key|\.env)"
)
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://|\bwww\.|\bgit@")


def refusal_id(project: str, text: str) -> str:
    """Ten hex digits of a refused text in its project: the same for the same text, short enough to type."""
    named = f"{project}\0{text}".encode("utf-8", "surrogatepass")
    return hashlib.sha256(named).hexdigest()[:_ID_DIGITS]


def human_reasons(text: str, context: GateContext) -> tuple[str, ...]:
    """Why a person's own words may not become a rule either; empty when they may.

    The budget, duplicates and the scope are not looked at here.
    """
    reasons = [*character_reasons(text), *markup_reasons(text), *encoding_reasons(text)]
    asked = [clause for clause in _CLAUSE.split(canonical_text(text)) if clause and not _FORBIDS.match(clause)]
    commands = {canonical_text(command) for command in context.attested_commands}
    for clause in asked:
        reasons += [f"denied: {category}; no rule may ask for that" for category in denials(clause)]
        if _ASKS_FOR_POWER.search(clause):
            reasons.append("denied: permission; a rule grants an agent nothing and takes nobody's consent away")
        if _SENDS_OUT.search(clause):
            reasons.append("denied: exfiltration; a rule sends nothing private anywhere")
        if _ADDRESS.search(clause) and not any(command in clause for command in commands):
            reasons.append("denied: an address; a rule names no place outside the repository")
    return tuple(dict.fromkeys(reasons))


def quote_faults(quote: str) -> tuple[str, ...]:
    """Why words of a session are no evidence to show: hidden letters, places outside, or asking for what is denied.

    An attacker's words that stand in a session can be quoted truthfully; a reader of a proposal must not meet them.
    """
    canonical = canonical_text(quote)
    hidden = [reason for reason in character_reasons(quote) if "invisible" in reason or "control" in reason]
    asked = [f"denied: {category}" for category in denials(canonical) if category in _NEVER_SHOWN]
    asked += ["denied: an address"] if _ADDRESS.search(canonical) else []
    asked += ["denied: permission"] if _ASKS_FOR_POWER.search(canonical) else []
    return tuple(dict.fromkeys([*(reason for reason in hidden if "U+000" not in reason), *asked]))


_NEVER_SHOWN = frozenset(
    (
        "fetch and run",
        "remote code",
        "package source",
        "privileges",
        "exfiltration",
        "disabled checks",
        "weak transport",
    )
)
