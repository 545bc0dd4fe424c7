"""The gate: whether a text may become a rule. Pure, no model, and it must hold when the text's author is the attacker.

It fails closed by structure. A text is allowed only when every character, word and slot of it is accounted for:

- commands, paths, names of code and literals are attested: seen to succeed, there at base, or well-known names;
- every other word is on a closed list, and every clause has a shape that is harmless by construction: a convention
  about code, a positive word on tests or safe coding, or a sentence whose polarity is provably protective
  ("never skip a test", "do not add `|| true`"); or the clause has a closed frame, and what is on no list in it
  is a name of the repository's own files or an identifier, beside words whose topics its place allows;
- or a written grammar derives the clause, in which only known verbs act and an unknown word can only name a thing;
- an attested command is read word by word, too: a known tool that checks or builds, or the repository's own targets
  and scripts, with options of a closed list;
- harmless words that mean harm together are refused where their meeting is known;
- a name of code that the source holds may be described, and told to be used where its own words speak of no danger;
- after what was accounted for, a clause may explain it that tells nobody anything and touches nothing;
- deny categories hold even for attested commands and existing files, and no positive rule names vendored code, logs or
  results, which others write;
- whole sentences about paths and commands are written down in 20 languages, and only attested slots are chosen in them;
- other texts in other languages pass when they are nothing but neutral words and existing paths.

Everything else is refused, most of it as "needs a human author". So the gate refuses many sentences a person would
find harmless; that is the price of not having to guess what an attacker will write.

Not promised: that an allowed convention is a good one. It may be wrong, useless or annoying (naming, layout, wording,
which well-known library to prefer), and bad advice on code can still be said in neutral words that nobody has thought
of yet. The repository's own targets, scripts and paths may do or hold anything; they are reviewed where they are
changed. Evidence, budget and the human who merges stand against those.
"""

from sidecar.domain import RuleKind
from sidecar.gate.characters import MAX_LENGTH, canonical_text, character_reasons
from sidecar.gate.context import GateContext, GateDecision
from sidecar.gate.denials import denials
from sidecar.gate.encodings import encoding_reasons
from sidecar.gate.exposing import exposing_reasons
from sidecar.gate.failures import failure_words
from sidecar.gate.grammar import read
from sidecar.gate.hidden import hidden_notes, hidden_words
from sidecar.gate.human import human_reasons, quote_faults, refusal_id
from sidecar.gate.markup import markup_reasons
from sidecar.gate.names import names_in, parts_of_name
from sidecar.gate.paths import is_existing_path, is_forbidden_path
from sidecar.gate.protection import protection_lost
from sidecar.gate.slots import tokens_of
from sidecar.gate.sources import SOURCE_ENDINGS, is_source
from sidecar.gate.wire import CheckRequest, decision_as_json, decode_check_line
from sidecar.redact import Redactor

__all__ = [
    "MAX_LINES",
    "MAX_RULES",
    "MAX_TOKENS",
    "SOURCE_ENDINGS",
    "CheckRequest",
    "GateContext",
    "GateDecision",
    "check",
    "decision_as_json",
    "decode_check_line",
    "hidden_notes",
    "hidden_words",
    "human_reasons",
    "is_source",
    "names_in",
    "parts_of_name",
    "protection_lost",
    "quote_faults",
    "refusal_id",
]

MAX_RULES = 20
MAX_LINES = 40
MAX_TOKENS = 800
"""Of the whole block, the new rule included."""
_MAX_READ = 2 * MAX_LENGTH
"""Characters; a longer text is refused unread, so that a huge one costs nothing."""
_CHARACTERS_PER_TOKEN = 4
"""Estimate for English; other scripts are counted per character, which is never too low."""


def check(text: str, *, kind: RuleKind | None, scope: str | None, context: GateContext) -> GateDecision:
    """Whether `text` may be proposed as a rule, with every reason against it.

    Args:
        kind: As the writer says; inferred when None.
        scope: Glob of paths it would hold for; None for the whole repository.
    """
    if len(text) > _MAX_READ:
        fault = f"characters: {len(text)} characters; a rule has at most {MAX_LENGTH}, and this is not read further"
        return GateDecision(is_allowed=False, reasons=(fault,), kind=kind)
    reading = read(tokens_of(failure_words(text), context), kind)
    reasons = [
        *character_reasons(text),
        *markup_reasons(text),
        *encoding_reasons(text),
        *exposing_reasons(canonical_text(text)),
        *_secret_reasons(text),
        *reading.reasons,
        *_scope_reasons(scope, context),
        *_budget_reasons(text, context),
    ]
    if reasons:
        reasons += _denial_reasons(text, reasons)
    return GateDecision(is_allowed=not reasons, reasons=tuple(dict.fromkeys(reasons)), kind=reading.kind)


def _denial_reasons(text: str, reasons: list[str]) -> list[str]:
    """What a refused text would have been denied for anyway; a reader sees the danger before the grammar."""
    named = " ".join(reason for reason in reasons if reason.startswith("denied:"))
    return [f"denied: {category}" for category in denials(canonical_text(text)) if category not in named]


def _secret_reasons(text: str) -> list[str]:
    if Redactor(b"").redact(text) == text:
        return []
    return ["secret: the text holds what looks like a credential; a rule never does"]


def _scope_reasons(scope: str | None, context: GateContext) -> list[str]:
    if scope is None:
        return []
    if (
        len(scope) > MAX_LENGTH
        or character_reasons(scope)
        or any(sign in scope for sign in " `<>@#!,;\"'")
        or is_forbidden_path(scope)
    ):
        return [f"scope: {scope[:MAX_LENGTH]!r} is no plain glob inside the repository"]
    if not is_existing_path(scope, context.repository_files):
        return [f"scope: {scope!r} matches no file of the repository"]
    return []


def _budget_reasons(text: str, context: GateContext) -> list[str]:
    reasons: list[str] = []
    canonical = canonical_text(text)
    if canonical in {canonical_text(active) for active in context.active_texts}:
        reasons.append("duplicate: a rule in force says the same")
    if canonical in {canonical_text(removed) for removed in context.tombstoned_texts}:
        reasons.append("tombstone: a person removed or declined this rule")
    texts = [*context.active_texts, text]
    if len(texts) > MAX_RULES:
        reasons.append(f"budget: {len(context.active_texts)} rules are in force, at most {MAX_RULES}; retire one first")
    lines = sum(active.count("\n") + 1 for active in texts)
    if lines > MAX_LINES:
        reasons.append(f"budget: the block would have {lines} lines, at most {MAX_LINES}")
    tokens = sum(map(_token_estimate, texts))
    if tokens > MAX_TOKENS:
        reasons.append(
            f"budget: the block would have about {tokens} tokens, at most {MAX_TOKENS}; retire or merge first"
        )
    return reasons


def _token_estimate(text: str) -> int:
    ascii_count = sum(char.isascii() for char in text)
    return -(-ascii_count // _CHARACTERS_PER_TOKEN) + len(text) - ascii_count
