"""What there is: the funnel from what was received to what was proposed, and the newest sessions by their ids."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from sidecar.cli.options import ConfigOption, DataOption, JsonOption, opened
from sidecar.domain import LOCAL_TEAM, TeamId
from sidecar.printing import print_json, print_line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sidecar.store import Counts, StoredSession


def status(
    is_listing: Annotated[bool, typer.Option("--sessions", help="List the newest sessions by their ids too.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=1_000_000, help="How many sessions are listed.")] = 20,
    team: Annotated[str, typer.Option(help="Team whose sessions are listed.")] = LOCAL_TEAM,
    data: DataOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """The funnel: what was received, settled, judged, proposed."""
    from sidecar.documents import session_summary

    with opened(data, config) as installation:
        inbox, counts = installation.inbox.counts(), installation.store.counts()
        unscannable, folder = installation.data_dir.unscannable, str(installation.data_dir.path)
        # one more than is shown tells whether there are more
        found = installation.store.sessions(TeamId(team), limit=limit + 1) if is_listing else []
    if as_json:
        newest = {"newest_sessions": [session_summary(one) for one in found[:limit]]} if is_listing else {}
        print_json({"data": folder, "inbox": inbox, **asdict(counts), "unscannable": unscannable, **newest})
        return
    print_line(f"data folder: {folder}")
    _print_counts(inbox, counts, unscannable)
    if is_listing:
        _print_sessions(found, limit, team)


def _print_counts(inbox: "Mapping[str, int]", counts: "Counts", unscannable: int) -> None:
    for name, states in (
        ("inbox", inbox),
        ("sessions", counts.sessions),
        ("labels", counts.labels),
        ("proposals", counts.proposals),
    ):
        print_line(f"{name}: {', '.join(f'{count} {state}' for state, count in states.items() if count) or 'none'}")
    print_line(f"outcomes: {counts.outcomes}, verdicts: {counts.verdicts}")
    print_line(f"refused drafts: {counts.refusals}, tombstones: {counts.tombstones}")
    if unscannable:
        print_line(f"strings that could not be looked through for secrets, kept as [UNSCANNABLE]: {unscannable}")
    for agent, dropped in counts.dropped.items():
        kinds = ", ".join(f"{count} {kind}" for kind, count in dropped.items())
        print_line(f"telemetry of {agent} that tells of no act, left out: {kinds}")


def _print_sessions(found: "Sequence[StoredSession]", limit: int, team: str) -> None:
    print_line(f"newest sessions of team {team}:" if found else f"team {team} has no session")
    for one in found[:limit]:
        session = one.session
        project = session.project or "of no known repository"
        label = one.decision.label.value
        person = f"  person {session.person}" if session.person else ""
        named = f"{session.key.session_id}  {session.key.agent}  {project}"
        print_line(f"  {named}  {session.state.value}  {label}{person}")
    if len(found) > limit:
        print_line(f"  there are more; --limit {10 * limit} lists more of them")
