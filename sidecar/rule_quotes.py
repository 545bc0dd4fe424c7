"""The words of sessions that show a rule: a whole story of a few sessions rather than one line of many.

A reader has to see what was run, what it said, and what worked then, so each session's words stay together.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from sidecar.centrality import most_central_first
from sidecar.domain import Cluster, EvidenceQuote, LessonSupport, RuleQuote, SessionId, Step, StepKind
from sidecar.gate import quote_faults
from sidecar.likeness import key_words
from sidecar.told_lessons import is_told_cluster

_MOST_SESSIONS = 2
_MOST_OF_SESSION = 3
_SAYS_LITTLE = re.compile(
    r"(?i)\s*(?:make(?:\[\d+\])?: \*\*\* .*|\W*(?:exit|return) (?:code|status):? \d+|npm err! .*|FAILED(?: \(.*\))?"
    r"|error: \S+ failed|\W*(?:error|failed|failure)\W*(?:\d+\W*)?)\s*"
)
"""A line that says only that something failed."""
_FAILED = re.compile(r"(?i)\b(?:assert\w*|\w*error|fail\w*)\b.*\w|\w.*\b(?:\w*error|fail\w*)\b")
_LONGEST_LINE = 200
_RAN_CHECKS = re.compile(
    r"OK(?: \(\w+=\d+\))?|Ran \d+ tests? in [\d.]+s|=* ?\d+ pass(?:ed|ing)(?:, \d+ \w+)*(?: in [\d.]+s)? ?=*"
    r"|# (?:tests|pass) \d+|ok\s+[\w./-]+\s+[\d.]+s|Tests: +\d+ \w+(?:, \d+ \w+)*"
    r"|test result: ok\. \d+ passed(?:; \d+ [a-z]+(?: out)?)*(?:; finished in [\d.]+s)?"
)
"""How runners end; no other words of an output are shown that no judge has quoted, but for what failed."""


def quotes_of(cluster: Cluster, failing: Sequence[LessonSupport] = (), *, rule_text: str = "") -> tuple[RuleQuote, ...]:
    """Verbatim words of the sessions that show a rule best, those of one session together; no attack among them.

    Args:
        failing: The only ones that are quoted, where others do not show all of what is said.
        rule_text: Where a model told the lesson, words that are most like the rule's are quoted first.
    """
    quoted = {one.session: one for one in failing or cluster.supports}
    supports = [quoted[one.session] for one in most_central_first(cluster) if one.session in quoted]
    claimed = cluster.lesson.failing_command
    told = key_words(rule_text) if is_told_cluster(cluster) else frozenset[str]()
    shown = [(one, _best(one, told)) for one in supports]
    shown = [(one, quotes) for one, quotes in shown if quotes]
    shown.sort(key=lambda pair: (_is_of_little(pair[1]), pair[0].lesson.failing_command != claimed))
    return tuple(
        RuleQuote(text=quote.text, session=one.session.session_id, step_id=quote.step_id or None)
        for one, quotes in shown[:_MOST_SESSIONS]
        for quote in quotes
    )


def placed(quotes: Sequence[RuleQuote], steps: Mapping[SessionId, Sequence[Step]]) -> tuple[RuleQuote, ...]:
    """The quotes with what was run or changed in their steps, each session's in time order."""
    found: list[tuple[Step | None, RuleQuote]] = []
    for session in dict.fromkeys(quote.session for quote in quotes):
        own = [quote for quote in quotes if quote.session == session]
        known = {step.step_id: (at, step) for at, step in enumerate(steps.get(session, ()) if session else ())}
        ran = [(known.get(quote.step_id) if quote.step_id else None, quote) for quote in own]
        ran.sort(key=lambda pair: pair[0][0] if pair[0] else len(known))
        counts = Counter(quote.step_id for quote in own)
        of_steps = [(None, quote) if step is None else (step[1], _of_step(quote, step[1])) for step, quote in ran]
        # what a command printed is shown below it anyway
        found += [(step, quote) for step, quote in of_steps if counts[quote.step_id] == 1 or not quote.is_command]
    # what was asked shows nothing of what came of it, and anybody may have written it
    done = [(step, quote) for step, quote in found if step is None or step.kind is not StepKind.PROMPT] or found
    return tuple(quote if step is None else _telling(quote, step.output or "") for step, quote in done)


def _best(support: LessonSupport, told: frozenset[str]) -> list[EvidenceQuote]:
    quotes = [quote for quote in support.lesson.quotes if not quote_faults(quote.text)]
    telling = [quote for quote in quotes if not _SAYS_LITTLE.fullmatch(quote.text)] or quotes
    return sorted(telling, key=lambda quote: -len(key_words(quote.text) & told))[:_MOST_OF_SESSION]


def _is_of_little(quotes: Sequence[EvidenceQuote]) -> bool:
    return all(_SAYS_LITTLE.fullmatch(quote.text) for quote in quotes)


def _of_step(quote: RuleQuote, step: Step) -> RuleQuote:
    is_shown = step.command is not None and not quote_faults(step.command)
    changed = step.path if step.has_written and step.command is None else None
    return replace(quote, command=step.command if is_shown else None, path=changed)


def _telling(quote: RuleQuote, output: str) -> RuleQuote:
    """The quote with a line of its step's output where it says little: how a command ended, what failed."""
    lines = [line.strip() for line in output.splitlines() if line.strip() and len(line) <= _LONGEST_LINE]
    lines = [line for line in lines if not _SAYS_LITTLE.fullmatch(line) and not quote_faults(line)]
    if quote.is_command:
        ended = next((line for line in reversed(lines) if _RAN_CHECKS.fullmatch(line)), None)
        return quote if ended is None else replace(quote, text=ended)
    failed = next((line for line in lines if _FAILED.search(line)), None)
    if failed is None or not _SAYS_LITTLE.fullmatch(quote.text):
        return quote
    return replace(quote, text=f"{failed}\n…\n{quote.text}")
