"""The command that says what changed since a day, and why nothing did."""

import time
from typing import TYPE_CHECKING, Annotated

import typer

from sidecar.cli.options import ConfigOption, DataOption, JsonOption, opened
from sidecar.domain import ProjectId
from sidecar.printing import print_json, print_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sidecar.installation import Installation
    from sidecar.report import ProjectFacts
    from sidecar.store import Spent

SinceOption = Annotated[str, typer.Option("--since", metavar="DATE|AGE", help="2026-11-01 (UTC), or 7d, 12h, 2w.")]
ProjectOption = Annotated[str | None, typer.Option("--project", help="Only this project, by its normalised remote.")]


def report(
    since: SinceOption = "7d",
    project: ProjectOption = None,
    data: DataOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """What was learned, proposed, merged, refused and retired, what it cost, and why there is nothing to change."""
    from sidecar.engine import projects_elsewhere, watched_projects
    from sidecar.report import make_report, parse_since
    from sidecar.report_text import report_document, report_lines

    since_ns = parse_since(since, now_ns=time.time_ns())
    with opened(data, config) as installation:
        names = watched_projects(installation, ProjectId(project) if project else None)
        spent = installation.store.spending.by_project(since_ns)
        facts = [_facts(installation, name, spent.get(name, ())) for name in names]
        elsewhere = [one for name, found in spent.items() if name not in names for one in found]
        there = "" if names else projects_elsewhere(installation)
        made = make_report(facts, elsewhere, since_ns=since_ns)
    if as_json:
        print_json(report_document(made))
        return
    for line in report_lines(made):
        print_line(line)
    if not names:
        print_line(f"no stored session is of a project that sidecar.toml names, so nothing can be learned yet{there}")


def _facts(installation: "Installation", project: ProjectId, spent: "Sequence[Spent]") -> "ProjectFacts":
    from sidecar.engine import differences_of
    from sidecar.report import ProjectFacts

    store = installation.store
    return ProjectFacts(
        project=project,
        decisions=tuple(store.decisions.all(project)),
        rules=tuple(store.decisions.in_force(project)),
        proposals=tuple(store.proposals(project=project)),
        refusals=tuple(store.refusals(project)),
        tombstones=tuple(store.tombstones(project)),
        spent=tuple(spent),
        differing=tuple(differences_of(installation, project)),
    )
