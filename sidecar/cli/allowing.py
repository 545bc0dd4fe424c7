"""The command by which a person takes a decline back: rules allow; and the line that says what never comes again."""

import time
from typing import TYPE_CHECKING, Annotated

import typer

from sidecar.cli.options import ConfigOption, DataOption, JsonOption, opened
from sidecar.domain import ProjectId
from sidecar.printing import one_line, print_json, print_line

if TYPE_CHECKING:
    from sidecar.domain import Tombstone
    from sidecar.jobs.allowing import Declined


def never_again(tombstone: "Tombstone") -> str:
    """That a rule is not proposed again, why, and how a person changes that."""
    way = f"`sidecar rules allow {tombstone.rule_id}` lets it come again"
    return f"never again ({one_line(tombstone.reason)}): {tombstone.text} ({way})"


def allow(
    identity: Annotated[
        str,
        typer.Argument(
            metavar="ID", help="Id of a removed or declined rule, as `rules list` shows it, or its first characters."
        ),
    ],
    because: Annotated[str | None, typer.Option(help="Why, kept beside the decline.")] = None,
    project: Annotated[str | None, typer.Option(help="Only look in this project, by its normalised remote.")] = None,
    data: DataOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Let a rule that people removed or declined be proposed again; the next draft decides whether it is."""
    from sidecar.engine import lease_on, watched_projects
    from sidecar.jobs.allowing import find_declined
    from sidecar.leasing import held

    with opened(data, config) as installation:
        names = watched_projects(installation, ProjectId(project) if project else None)
        name = find_declined(installation.store, names, identity).tombstone.project
        with held(installation.store, lease_on(installation, f"project:{name}")) as store:
            # a sync may have ended meanwhile
            declined = find_declined(store, [name], identity)
            if declined.is_held:
                store.allow_rules([declined.tombstone], because=because, now_ns=time.time_ns())
    _show(declined, because if declined.is_held else declined.tombstone.allowed_because, as_json=as_json)


def _show(declined: "Declined", because: str | None, *, as_json: bool) -> None:
    stone = declined.tombstone
    if as_json:
        print_json(
            {
                "project": stone.project,
                "id": stone.rule_id,
                "text": stone.text,
                "declined_because": stone.reason,
                "allowed": True,
                "changed": declined.is_held,
                "because": because,
            }
        )
        return
    if declined.is_held:
        print_line(f"{stone.project}: {stone.text} may come again; `sidecar propose` drafts it where tasks teach it")
    else:
        print_line(f"{stone.project}: {stone.text} was allowed to come again before; nothing changed")
