"""What two real agents do in one team, and what the sidecar makes of it by its own clock.

Two sessions of each agent meet the same obstacle, on tasks of their own. The rules that come of it are merged by a
person, and each agent works once more, with the rules before it.
"""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sidecar.phoenix.annotating import LABEL_NAME
from tests.e2e.live import PATIENCE_S, Team, Work, waited
from tests.e2e.sessions_page import shown_rows
from tests.e2e.test_phoenix import rows
from tests.loop.test_proposals import rules_on
from tests.recordings.recorder import SCENARIOS
from tests.recordings.script import Hooks, Protocol, Report, Run, Scenario, Telemetry, Turn

RULES = {
    "Run the checks with `make check`; `python -m pytest` does not work here (No module named pytest).",
    "When you change `src/shop/discounts.py`, change `src/shop/registry.py` with it; the check fails otherwise.",
}
VERDICT = "verdict:evidence"


def scenario(name: str, report: Report, protocol: Protocol = Protocol.PROTOBUF) -> Scenario:
    """A scripted session that posts its hooks and ends by committing."""
    (found,) = (one for one in SCENARIOS if one.recording == name)
    (visit,) = found.visits
    *turns, last = visit.turns
    commit = Turn("One moment.", Run("git add -A && git commit -m 'Finish the task'"))
    committed = visit if found.report is Report.BY_COMMIT else replace(visit, turns=(*turns, commit, last))
    telemetry = Telemetry(protocol=protocol, repository=True)
    return replace(found, visits=(committed,), report=report, hooks=Hooks.HTTP, telemetry=telemetry)


def obedient(found: Scenario) -> Scenario:
    """The same session without the commands that the rules advise against."""
    (visit,) = found.visits
    turns = tuple(turn for turn in visit.turns if not (isinstance(turn.act, Run) and "pytest" in turn.act.command))
    return replace(found, visits=(replace(visit, turns=turns),))


BEFORE = (
    scenario("claude-code-shop-bulk-discount", Report.BY_COMMIT),
    scenario("claude-code-shop-receipt-amounts", Report.BY_SESSION, Protocol.GRPC),
    scenario("cline-shop-staff-discount", Report.NONE),
    scenario("cline-shop-currency-sign", Report.BY_SESSION),
)
AFTER = (
    obedient(scenario("claude-code-shop-receipt-header-committed", Report.BY_COMMIT)),
    scenario("cline-shop-average-price", Report.BY_SESSION),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What was to be seen when all had happened."""

    team: Team
    before: Sequence[Work]
    """Sessions without our rules."""
    after: Sequence[Work]
    """Sessions with them."""
    proposed: set[str]
    """Rules on the proposal's branch before it was merged."""
    message: str
    """Of the newest commit of that branch."""
    told: Mapping[str, Mapping[str, Any]]
    """Session id to everything the sidecar says of it."""
    notes: Counter[tuple[str, str]]
    """Session id and name of every annotation of a session that Phoenix lists."""
    spans: Sequence[Mapping[str, Any]]
    """Every span that Phoenix lists."""
    page: Sequence[str]
    """Text of each row of the sessions page, as a person sees it."""

    @property
    def works(self) -> Sequence[Work]:
        return (*self.before, *self.after)


def happened(team: Team) -> Story:
    """Let it all happen, in the order in which it does; the clock of the sidecar does the rest."""
    before = [team.work(one) for one in BEFORE]
    branch = waited(lambda: branch_with_rules(team), PATIENCE_S, "the rules were not proposed")
    proposed, message = rules_on(team.loop, branch), team.loop.git("log", "-1", "--format=%B", branch)
    team.loop.squash_merge()
    waited(lambda: rules_standing(team) or None, PATIENCE_S, "the merge was not noticed")
    after = [team.work(one) for one in AFTER]
    works = [*before, *after]
    waited(lambda: are_annotated(team, works) or None, PATIENCE_S, "a label or a verdict is not in Phoenix")
    since_ns = min(work.settled["started_ns"] for work in works)
    return Story(
        team=team,
        before=before,
        after=after,
        proposed=proposed,
        message=message,
        told={work.session_id: team.read(f"/api/sessions/{work.session_id}") for work in works},
        notes=notes(team, works),
        spans=asyncio.run(rows(team.phoenix_url, "spans")),
        page=asyncio.run(shown_rows(team.phoenix_url, since_ns, team.loop.root)),
    )


def branch_with_rules(team: Team) -> str | None:
    return next((branch for branch in team.loop.branches() if rules_on(team.loop, branch) >= RULES), None)


def rules_standing(team: Team) -> list[str]:
    """Ids of the rules on main, as the sidecar says."""
    (project,) = team.read("/api/rules")["projects"]
    return sorted(rule["id"] for rule in project["rules"])


def notes(team: Team, works: Sequence[Work]) -> Counter[tuple[str, str]]:
    known_as = [work.session_id for work in works]
    listed = asyncio.run(rows(team.phoenix_url, "session_annotations", session_ids=known_as))
    return Counter((note["session_id"], note["name"]) for note in listed)


def expected_notes(works: Sequence[Work]) -> Counter[tuple[str, str]]:
    """A label for each session, and a verdict for each but the one that met no obstacle."""
    labels = [(work.session_id, LABEL_NAME) for work in works]
    return Counter([*labels, *((work.session_id, VERDICT) for work in works if work.scenario != AFTER[0])])


def are_annotated(team: Team, works: Sequence[Work]) -> bool:
    return set(expected_notes(works)) <= set(notes(team, works))
