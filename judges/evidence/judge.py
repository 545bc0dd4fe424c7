"""Puts the findings of one session together into a Verdict."""

import hashlib
from collections.abc import Iterator
from itertools import islice

from judges.attempts import attempts
from judges.evidence.change_together import change_together_findings
from judges.evidence.commands import command_findings
from judges.evidence.failing_assertion import failing_assertion_findings
from judges.evidence.fetched import ran_what_was_fetched
from judges.evidence.finding import Finding
from judges.evidence.generated_file import generated_file_findings
from judges.evidence.mechanical_fix import mechanical_fixes
from judges.evidence.unchecked_end import unchecked_end_findings
from sidecar.domain import Label, Lesson, Packet, Verdict

_REVISION = "6"
"""Raised with every change of what the rules find."""
_TEACHES_CODE = frozenset({Label.PASS, Label.CODE_FAIL})
_MOST_SENTENCES = 3
_MOST_LESSONS = 50
"""More of one session are noise; those of a kind that recur stand in other sessions too."""


class EvidenceJudge:
    """Finds lessons by the shape of a session."""

    name = "evidence"
    version = hashlib.sha256(f"evidence {_REVISION}".encode()).hexdigest()[:16]

    async def judge(self, packet: Packet) -> Verdict | None:
        """What the session teaches; None when nothing was found."""
        found = list(islice(findings(packet), _MOST_LESSONS))
        if not found:
            return None
        quotes = dict.fromkeys(quote for finding in found for quote in finding.quotes)
        return Verdict(
            session=packet.session,
            session_revision=packet.session_revision,
            judge=self.name,
            judge_version=self.version,
            explanation=" ".join(finding.sentence for finding in found[:_MOST_SENTENCES]),
            evidence=tuple(quotes),
            lessons=tuple(_lesson(finding) for finding in found),
        )


def findings(packet: Packet) -> Iterator[Finding]:
    """Everything found, commands first; code is learned from only where tests decided the session.

    A session that ran something it had fetched teaches nothing: whatever worked in it may be that program's doing.
    """
    is_sound = not ran_what_was_fetched(packet.steps)
    tried = attempts(packet.steps, packet.cwd) if is_sound else []
    mechanical = mechanical_fixes(packet, tried)
    yield from command_findings(packet, tried, explained=mechanical.explained)
    if packet.label in _TEACHES_CODE and is_sound:
        generated = generated_file_findings(packet, tried, formatters=mechanical.formatters)
        yield from generated
        written = frozenset(path for finding in generated for path in finding.paths)
        yield from change_together_findings(packet, tried, written=written)
    yield from failing_assertion_findings(packet)
    yield from mechanical.findings
    yield from unchecked_end_findings(packet, tried)


def _lesson(finding: Finding) -> Lesson:
    return Lesson(
        failure_class=finding.failure_class,
        signature=finding.signature,
        failing_command=finding.failing_command,
        working_command=finding.working_command,
        paths=finding.paths,
        symptom=finding.symptom,
        quotes=finding.quotes,
    )
