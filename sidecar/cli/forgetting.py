"""The command that takes sessions out of everything this product keeps: forget."""

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from sidecar.cli.options import ConfigOption, DataOption, DryRunOption, JsonOption, opened
from sidecar.domain import LOCAL_TEAM, PersonId, ProjectId, SessionId, TeamId
from sidecar.errors import InputError
from sidecar.printing import EXIT_FOUND, print_json, print_line

if TYPE_CHECKING:
    from sidecar.forgetting import Wish
    from sidecar.installation import Installation
    from sidecar.jobs.forgetting import Forgotten


def forget(
    session: Annotated[str | None, typer.Argument(help="Whole id of one session.")] = None,
    agent: Annotated[str | None, typer.Option(help="Agent of that session, where two have one of its id.")] = None,
    person: Annotated[str | None, typer.Option(help="All of a person, by the id of `status --sessions`.")] = None,
    project: Annotated[str | None, typer.Option(help="All of a project, such as github.com/acme/shop.")] = None,
    team: Annotated[str, typer.Option(help="Team whose sessions they are.")] = LOCAL_TEAM,
    is_list: Annotated[bool, typer.Option("--list", help="Say when how many were forgotten; never which.")] = False,
    is_expired: Annotated[bool, typer.Option("--expired", help="Let go of what [retention] says, now.")] = False,
    dry_run: DryRunOption = False,
    data: DataOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take sessions out of everything that is kept here, for good; what comes of them later is refused."""
    whom = {"SESSION": session, "--agent": agent, "--person": person, "--project": project}
    named = [name for name, value in whom.items() if value is not None] + (["--team"] if team != LOCAL_TEAM else [])
    _check_alone("--list", is_list, [*named, "--expired"] if is_expired else named)
    _check_alone("--expired", is_expired, named)
    with opened(data, config) as installation:
        if is_list:
            _list(installation, as_json=as_json)
        elif is_expired:
            _expire(installation, as_json=as_json, is_dry_run=dry_run)
        else:
            from sidecar.forgetting import Wish

            wish = Wish(
                team=TeamId(team),
                session_id=SessionId(session) if session is not None else None,
                agent=agent,
                person=PersonId(person) if person is not None else None,
                project=ProjectId(project) if project is not None else None,
            )
            _forget(installation, wish, as_json=as_json, is_dry_run=dry_run)


def _check_alone(option: str, is_given: bool, others: Sequence[str]) -> None:
    """Refuse what an option of the whole store would pass over: a person means the session that they name.

    Raises:
        InputError: it is given together with others.
    """
    if is_given and others:
        raise InputError(
            f"{option} is about the whole store and takes no {' and no '.join(others)}; give it alone, or name what is "
            "to be forgotten without it"
        )


def _forget(installation: "Installation", wish: "Wish", *, as_json: bool, is_dry_run: bool) -> None:
    from sidecar import forgetting

    now_ns, nothing = time.time_ns(), None
    if is_dry_run:
        found, due = forgetting.plan(installation, wish, now_ns=now_ns), None
    else:
        found = forgetting.forget(installation, wish, now_ns=now_ns)
        due = forgetting.delete_in_phoenix(installation, now_ns=now_ns)
    if not found.sessions and wish.session_id is None:
        nothing = forgetting.why_nothing(installation, wish)
    if as_json:
        print_json({**_document(found), "dry_run": is_dry_run, "phoenix_due": due, "nothing_because": nothing})
    elif nothing is not None:
        print_line(nothing if is_dry_run else f"{nothing}; what was forgotten before was looked for again")
        if due is not None:
            print_line(f"  Phoenix: {found.viewer_due} sessions; {due}")
    else:
        _print(found, due, is_dry_run=is_dry_run, is_sqlite=installation.config.store.url is None)
    if nothing is not None:
        raise typer.Exit(EXIT_FOUND)


def _document(found: "Forgotten") -> dict[str, object]:
    return {
        "sessions": len(found.sessions),
        "rows": dict(sorted(found.rows.items())),
        "inbox_bodies": found.inbox_rows,
        "kept_replies": found.replies,
        "proposals": found.proposals,
        "published": found.published,
        "in_phoenix": found.viewer_due,
    }


def _print(found: "Forgotten", due: str | None, *, is_dry_run: bool, is_sqlite: bool) -> None:
    verb = "would be forgotten" if is_dry_run else "forgotten"
    nothing = "" if found.sessions else "; what was forgotten before is looked for again"
    print_line(f"{_sessions(len(found.sessions))} {verb}{nothing}")
    for table, count in sorted(found.rows.items()):
        print_line(f"  {table}: {count} rows")
    print_line(f"  inbox: {found.inbox_rows} requests lose their bodies, and stay known by their hashes")
    print_line(f"  kept_replies: {found.replies}, all there are, as nothing says whose session a model answered about")
    print_line(f"  proposals: {found.proposals} lose quotes and evidence ids; their rules stay")
    for where in found.published:
        print_line(f"  not touched: what was published at {where} may quote them; edit or delete it there")
    if found.viewer_due and is_dry_run:
        print_line(f"  Phoenix: {found.viewer_due} sessions would be deleted there")
    if due is not None:
        print_line(f"  Phoenix: {found.viewer_due} sessions; {due}. Each mirroring goes on until nothing is left")
    if not is_dry_run and not is_sqlite:
        print_line("PostgreSQL keeps the bytes of deleted rows until VACUUM FULL; backups are yours to look after")


def _list(installation: "Installation", *, as_json: bool) -> None:
    runs = installation.store.forgetting.runs()
    due = len(installation.store.viewer_deletions.due())
    if as_json:
        documents = [
            {"at": _moment(run.at_ns), "fate": run.fate.value, "sessions": run.sessions, "erased": run.is_erased}
            for run in runs
        ]
        print_json({"runs": documents, "phoenix_due": due})
        return
    for run in runs:
        print_line(f"{_moment(run.at_ns)}  {_sessions(run.sessions)} {run.fate.value}")
    if not runs:
        print_line("nothing was forgotten")
    if due:
        print_line(f"{due} sessions are still to be deleted in Phoenix")


def _expire(installation: "Installation", *, as_json: bool, is_dry_run: bool) -> None:
    from sidecar.forgetting import expire_now

    if is_dry_run:
        raise InputError("--expired has no --dry-run; `[retention]` of sidecar.toml says what it lets go")
    expired = expire_now(installation, now_ns=time.time_ns())
    if as_json:
        print_json({"requests": expired.requests, "failed": expired.failed, "sessions": expired.sessions})
        return
    print_line(f"{expired.requests} requests that were read and {expired.failed} that could not be are dropped")
    print_line(f"{expired.sessions} sessions lost their content; their labels and lessons stay")


def _sessions(count: int) -> str:
    return f"{count} session" if count == 1 else f"{count} sessions"


def _moment(at_ns: int) -> str:
    return datetime.fromtimestamp(at_ns // 1_000_000_000, UTC).isoformat()
