"""The static audit of a drafted rule: whether it is worth its place, before the gate asks whether it is safe.

Measured elsewhere: rules that helped were negative and checkable, rules that harmed were positive directives (5,000
runs of coding agents over 679 rules files, arXiv 2604.11088); rules tied to one task do not carry over. So a rule must
deny something, state a fact or name a command; it must hold for sessions to come, give no answer away, and speak of
what its own sessions show. English only: of a rule in another language the audit judges ids, answers and paths, and
leaves its words to the gate.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch

from sidecar.domain import Cluster, FailureClass, NoRuleReason, RuleKind, SessionId
from sidecar.issue_keys import issue_key
from sidecar.likeness import key_words

_LEAST_SHARED = 0.25
"""Share of a rule's key words that its sessions must speak of; paraphrases of a suggestion keep half and more."""
_DENIAL = re.compile(r"(?i)\b(?:not|never|no|nor|without|avoid|cannot|don't|only|instead of|rather than)\b")
_DIRECTIVE = re.compile(
    r"(?i)^(?:always |please )?(?:use|prefer|keep|make|write|add|handle|follow|return|store|put|pass|check|validate"
    r"|create|define|call|raise|convert|name|include|set|update|test|document|think|consider|try|remember|ensure|be)\b"
)
_MAXIM = re.compile(
    r"(?i)\b(?:best practices?|clean(?:er)? code|clean(?:ly)?|readab\w+|maintainab\w+|well[- ]structured|elegant\w*"
    r"|be careful|carefully|make sure|ensure|pay attention|remember|keep in mind|double[- ]check|think (?:before|about)"
    r"|properly|appropriate(?:ly)?|correctly|meaningful|sensible|reasonable|robust(?:ly)?|high[- ]quality|good quality"
    r"|as needed|where possible|if possible|when necessary|where appropriate|edge cases?|follow (?:the )?conventions?"
    r"|consistent(?:ly)?|idiomatic(?:ally)?|simple and|concise|self[- ]documenting|understand (?:the|what|how))\b"
)
_VISIBLE = re.compile(
    r"(?i)\b(?:is|are) (?:written|implemented|coded) in\b|\bthe (?:project|repository|codebase|code) (?:uses|is|has)\b"
    r"|(?:`[^`]+`|\bfile|\bmodule|\bclass|\bfunction) (?:exists|contains|defines|imports|is (?:a|an|the) (?:file|module"
    r"|class|function|package|method))\b"
)
_TEST_NAME = re.compile(r"\btest_\w{3,}\b(?!\.\w)|\bTest[A-Z]\w+\b|\w::\w|\bit\(['\"]|\b\w+Test#\w+")
_COMMIT = re.compile(r"\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{7,40}\b")
_SESSION = re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b")
_DATE = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
_COMPARISON = re.compile(r"==|!=|\bexpected\b|\bgot\b|\bactual\b|\bto ?(?:be|equal)\b|\bequals?\b|\bassert", re.I)
_VALUE = re.compile(r"'([^']{3,})'|\"([^\"]{3,})\"|(?<![\w.])(\d[\d.,_]*\d)(?![\w.])")
_DEMANDED = re.compile(
    r"cannot import name '(\w+)'|has no attribute '(\w+)'|unexpected keyword argument '(\w+)'|undefined: (\w+)"
    r"|name '(\w+)' is not defined|cannot find symbol:? (\w+)|is not a function: (\w+)|(\w+) is not a function"
)
_MARKED = re.compile(r"`[^`]*`")
_LINT = re.compile(
    r"(?i)\b(?:import order|order of imports|sort(?:ed|ing)? (?:the |all )?imports|unused (?:imports?|variables?)"
    r"|line length|lines? (?:longer|over)|trailing (?:white ?space|commas?)|white ?space|indent\w*|tabs?\b.*\bspaces"
    r"|single quotes|double quotes|semicolons?|final newline|blank lines?|format(?:ted|ting|ter)"
    r"|type (?:hints?|annotations?)|docstrings?|wildcard imports?|bare except)\b"
)
_HOOK = re.compile(
    r"(?i)\b(?:end|finish|stop|complete|hand over|conclude)\w*\b.{0,40}\b(?:without|before)\b.{0,40}"
    r"\b(?:run|running|test\w*|check\w*|build\w*|lint\w*)\b|\b(?:run|rerun)\b.{0,40}\bafter (?:the |each |every )?"
    r"(?:last )?(?:edit|change)s?\b"
)

_UNCHECKED = "the check was at hand and not run: let a hook of the agent run it at the end"
_BY_SHAPE = {
    FailureClass.REPEATED_STEP: (
        NoRuleReason.BETTER_AS_HOOK,
        "what has to run again after each edit is forgotten again: let a hook of the agent run it after an edit, or a "
        "hook of git before a commit",
    ),
    FailureClass.MECHANICAL_FIX: (
        NoRuleReason.BETTER_AS_LINT,
        "a command repairs it, so nobody needs to be told: let a hook of the agent run it after an edit, or a hook of "
        "git before a commit",
    ),
    FailureClass.GENERATED_FILE: (
        NoRuleReason.BETTER_AS_TEST,
        "nothing shows what writes the file: let a test or a step of CI make it anew and compare, which finds an edit "
        "by hand whoever made it",
    ),
}
"""Of lessons that nobody told in words; where it is known what writes a generated file, a rule says that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEvidence:
    """What a rule's sessions show."""

    sessions: frozenset[SessionId]
    said: tuple[str, ...]
    """Explanations, suggestions, quotes and commands."""
    symptoms: tuple[str, ...]
    """Lines of runners, quotes of them included."""
    paths: frozenset[str]
    """Files the lesson was seen in; empty where none is known."""


def audit_evidence(cluster: Cluster, explanations: tuple[str, ...] = ()) -> AuditEvidence:
    """What a cluster's sessions show."""
    lessons = [support.lesson for support in cluster.supports]
    quotes = tuple(quote.text for lesson in lessons for quote in lesson.quotes)
    commands = (text for lesson in lessons for text in (lesson.failing_command, lesson.working_command) if text)
    suggested = tuple(lesson.rule_candidate for lesson in lessons if lesson.rule_candidate)
    symptoms = tuple(lesson.symptom for lesson in lessons if lesson.symptom)
    paths = frozenset(path for lesson in lessons for path in lesson.paths)
    return AuditEvidence(
        sessions=frozenset(support.session.session_id for support in cluster.supports),
        said=(*explanations, *suggested, *quotes, *commands, *symptoms, *sorted(paths)),
        symptoms=(*symptoms, *quotes),
        paths=paths,
    )


def audit(text: str, kind: RuleKind, scope: str | None, evidence: AuditEvidence) -> tuple[str, ...]:
    """Every reason why a drafted rule is not worth its place; empty when it is.

    Args:
        scope: Glob of paths it would hold for; None for the whole repository.
    """
    reasons = [*_form(text, kind), *_instances(text, evidence), *_answers(text, evidence), *_misplaced(scope, evidence)]
    return tuple(dict.fromkeys(reasons)) or tuple(_unfounded(text, evidence))


def better_elsewhere(cluster: Cluster) -> tuple[NoRuleReason, str] | None:
    """What would do better than a rule for a lesson, and why in one sentence; None where a rule is the right thing."""
    suggested = [support.lesson.rule_candidate for support in cluster.supports if support.lesson.rule_candidate]
    hooks = sum(bool(_HOOK.search(text)) for text in suggested)
    lints = sum(bool(_LINT.search(text)) for text in suggested)
    if cluster.failure_class is FailureClass.UNCHECKED_END or hooks * 2 > len(suggested):
        return NoRuleReason.BETTER_AS_HOOK, _UNCHECKED
    if lints * 2 > len(suggested):
        return NoRuleReason.BETTER_AS_LINT, "a formatter or linter decides this on every line, for people too"
    # what a model suggests may well be a rule
    return None if suggested else _BY_SHAPE.get(cluster.failure_class)


def _form(text: str, kind: RuleKind) -> Iterator[str]:
    maxim = _MAXIM.search(text)
    if maxim is not None:
        yield f"maxim: {maxim[0]!r} cannot be checked in a diff; say what must not be done, or what is so"
    is_denial = _DENIAL.search(text) is not None
    if not is_denial and (kind is RuleKind.CONSTRAINT or _DIRECTIVE.match(text)):
        yield "positive: it says what to do and denies nothing; say what must not be done, or state it as a fact"
    if _VISIBLE.search(text):
        yield "visible: whoever opens the code sees it there; a rule tells what the code does not"


def _instances(text: str, evidence: AuditEvidence) -> Iterator[str]:
    key = issue_key(text)
    if key is not None:
        yield f"instance: {key!r} names one issue"
    for pattern, what in (
        (_TEST_NAME, "one test"),
        (_SESSION, "one session"),
        (_COMMIT, "one commit"),
        (_DATE, "a day"),
    ):
        found = pattern.search(text)
        if found is not None:
            yield f"instance: {found[0]!r} names {what}; a rule holds for sessions to come"
    if any(session in text for session in evidence.sessions if len(session) > 3):
        yield "instance: it names one of the sessions it was learned from"


def _answers(text: str, evidence: AuditEvidence) -> Iterator[str]:
    for symptom in evidence.symptoms:
        if _COMPARISON.search(symptom):
            values = {value for match in _VALUE.findall(symptom) for value in match if value}
            given = sorted(value for value in values if _names(text, value))
            if given:
                yield f"answer: {given[0]!r} is a value that a failing test compares with; a rule gives no answer away"
        for name in {name for match in _DEMANDED.findall(symptom) for name in match if name}:
            if _is_demanded(text, name):
                yield f"answer: {name!r} is what a failing test asks for; a rule gives no answer away"


def _is_demanded(text: str, name: str) -> bool:
    """Whether a text tells to provide the name; to forbid it is a rule like any other."""
    clauses = re.split(r"[;:,.]\s", text)
    return any(_names(clause, name) and not _DENIAL.search(clause) for clause in clauses)


def _names(text: str, word: str) -> bool:
    return re.search(rf"(?<![\w.]){re.escape(word)}(?![\w])", text) is not None


def _misplaced(scope: str | None, evidence: AuditEvidence) -> Iterator[str]:
    if scope is not None and evidence.paths and not any(fnmatch(path, scope) for path in evidence.paths):
        yield f"scope: {scope!r} holds for none of the files that its sessions show"


def _unfounded(text: str, evidence: AuditEvidence) -> Iterator[str]:
    shown_text = " ".join((*evidence.said, *evidence.symptoms, *evidence.paths))
    if any(marked.strip("`") in shown_text for marked in _MARKED.findall(text)):
        return
    words = key_words(_MARKED.sub(" ", text))
    if not words or not any(character.isascii() and character.isalpha() for character in text):
        return
    shown = key_words(shown_text)
    if len(words & shown) < max(1.0, _LEAST_SHARED * len(words)):
        yield "unfounded: its sessions speak of nothing that the rule names"
