"""The command that tells the whole life of a rule: rules explain."""

from typing import Annotated

import typer

from sidecar.cli.options import ConfigOption, DataOption, JsonOption, opened
from sidecar.domain import ProjectId, RuleId
from sidecar.printing import print_json, print_line


def explain(
    identity: Annotated[
        str, typer.Argument(metavar="ID", help="Id of a rule or of a refused text, or its first characters.")
    ],
    project: Annotated[str | None, typer.Option(help="Only look in this project, by its normalised remote.")] = None,
    data: DataOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Tell where a rule came from, who decided what about it, how often it was met, and why it ended."""
    from sidecar.documents import differences_document
    from sidecar.engine import differences_of, watched_projects
    from sidecar.rule_life import life_document, life_lines, rule_life

    with opened(data, config) as installation:
        names = watched_projects(installation, ProjectId(project) if project else None)
        teams = {name: installation.team_of(name) for name in names}
        life = rule_life(installation.store, teams, identity)
        differing = [one for one in differences_of(installation, life.project) if one.rule_id == life.identity]
    if as_json:
        print_json({**life_document(life), "differs": differences_document(RuleId(life.identity), differing)})
        return
    for line in [*life_lines(life), *(f"  {one.sentence}" for one in differing)]:
        print_line(line)
