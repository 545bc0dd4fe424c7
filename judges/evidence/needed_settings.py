"""Finds checks that went well with settings before them and not without, with nothing else changed in between."""

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise

from judges.attempts import Attempt
from judges.evidence.finding import Finding, quote
from judges.evidence.working_command import working_command
from sidecar.command_line import stem
from sidecar.domain import FailureClass, Packet
from sidecar.shell_programs import only_looks, program_at

_CHOOSING = re.compile(
    r"(?i)[A-Z_]*(?:accept|args|exclude|filter|focus|force|grep|ignore|only|opts|options|pattern|select|skip|update)[A-Z_]*="
)
"""Settings that leave tests out or have what was expected written anew: no wonder that all goes well with them."""


def settings_findings(
    packet: Packet, attempts: Sequence[Attempt], *, explained: Collection[int] = ()
) -> Iterator[Finding]:
    """Settings that a check needs, in time order.

    A lesson on options cannot be had this way: most of them choose fewer tests, which then go well.

    Args:
        explained: Places of failed checks of which it is known what they lacked.
    """
    tried = [one for one in attempts if not only_looks(one.argv)]
    for bad, good in pairwise(tried):
        has_changed = any(step.is_write for step in packet.steps[bad.at : good.at])
        if has_changed or bad.at in explained or not _differ_by_settings(bad, good):
            continue
        is_plain_fine = any(one.passed_check and (one.folder, one.argv) == (bad.folder, bad.argv) for one in attempts)
        working = working_command(attempts, good)
        if is_plain_fine or working is None or working == bad.text:
            continue
        yield Finding(
            failure_class=FailureClass.WRONG_COMMAND,
            key=(("working", " ".join(stem(good.argv))),),
            sentence=f"`{bad.text}` failed here and `{working}` passed, with nothing changed in between.",
            quotes=(*quote(bad.step, bad.step.command), *quote(good.step, good.step.command)),
            failing_command=bad.text,
            working_command=working,
        )


def _differ_by_settings(bad: Attempt, good: Attempt) -> bool:
    """Whether a check that failed and one that passed are the same but for settings that the second one has more."""
    if not (bad.has_failed and bad.looks_like_check and good.passed_check) or bad.before or good.before:
        return False
    one, other = program_at(bad.argv), program_at(good.argv)
    added = set(good.argv[:other]) - set(bad.argv[:one])
    is_same = bad.folder == good.folder and bad.argv[one:] == good.argv[other:] and set(bad.argv[:one]) < {*good.argv}
    return is_same and bool(added) and not any(map(_CHOOSING.match, added))
