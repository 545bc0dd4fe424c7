"""Judge every settled session that a judge has not seen in its present revision."""

from dataclasses import dataclass

from judges.judge import Judge
from judges.packet import build_packet
from sidecar.domain import SessionKey, Verdict
from sidecar.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What one run did."""

    verdicts: tuple[Verdict, ...]
    """Those that were given, in the order of the sessions."""
    silent: tuple[SessionKey, ...]
    """Sessions in which the judge found nothing; recorded too, so that they are not asked again."""


async def judge_sessions(store: Store, judge: Judge, *, is_dry_run: bool = False) -> Judged:
    """Give each unjudged session its verdict; safe to run twice and to stop anywhere.

    Args:
        is_dry_run: Judge and report, save nothing.
    """
    verdicts: list[Verdict] = []
    silent: list[SessionKey] = []
    for key in store.unjudged_sessions(judge.name, judge.version):
        stored = store.session(key)
        if stored is None:
            continue
        packet = build_packet(stored.session, stored.decision, store.feedback(key))
        verdict = await judge.judge(packet)
        if verdict is None:
            silent.append(key)
        else:
            verdicts.append(verdict)
        if not is_dry_run:
            store.set_verdict(
                key,
                revision=stored.session.revision,
                judge=judge.name,
                judge_version=judge.version,
                verdict=verdict,
            )
    return Judged(verdicts=tuple(verdicts), silent=tuple(silent))
