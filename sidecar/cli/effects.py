"""The command that says what the rules in force did: effects."""

import time
from typing import TYPE_CHECKING, Annotated

import typer

from sidecar.cli.options import ConfigOption, DataOption, JsonOption, opened
from sidecar.domain import Effect, ProjectId, Rule
from sidecar.printing import print_json, print_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sidecar.installation import Installation

_Measured = tuple[Rule, Effect]


def effects(
    project: Annotated[str | None, typer.Option(help="Only this project, by its normalised remote.")] = None,
    since: Annotated[
        str | None, typer.Option(metavar="DATE|AGE", help="Only sessions since 2026-11-01 (UTC), or 90d, 12h, 8w.")
    ] = None,
    data: DataOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """What each rule in force did: passes with it and without, and whether its lesson came back."""
    from sidecar.effects import effect_document
    from sidecar.engine import projects_elsewhere, watched_projects
    from sidecar.report import parse_since

    since_ns = 0 if since is None else parse_since(since, now_ns=time.time_ns())
    with opened(data, config) as installation:
        names = watched_projects(installation, ProjectId(project) if project else None)
        there = "" if names else projects_elsewhere(installation)
        measured = {name: _measured(installation, name, since_ns) for name in names}
    if as_json:
        documents = {
            name: [
                {**effect_document(effect), "text": rule.text, "scope": rule.scope, "human": rule.is_human}
                for rule, effect in found
            ]
            for name, found in measured.items()
        }
        print_json({"projects": [{"project": name, "effects": found} for name, found in documents.items()]})
        return
    for name, found in measured.items():
        _print_project(name, found)
    if not names:
        print_line(f"no stored session is of a project that sidecar.toml names, so nothing can be measured yet{there}")


def _measured(installation: "Installation", name: ProjectId, since_ns: int) -> "Sequence[_Measured]":
    from sidecar.jobs.measuring import Measuring

    measuring = Measuring(installation.store, installation.team_of(name), name, since_ns=since_ns)
    return [(rule, measuring.effect(rule)) for rule in measuring.standing]


def _print_project(name: ProjectId, found: "Sequence[_Measured]") -> None:
    from sidecar.effects import effect_lines
    from sidecar.rules import rule_words

    print_line(name)
    for rule, effect in found:
        owner = ", in a person's words" if rule.is_human else ""
        print_line(f"  {rule.rule_id} {rule_words(rule.text, rule.scope)}{owner}")
        for line in effect_lines(effect):
            print_line(f"    {line}")
    if not found:
        print_line("  no rule of ours stands on the base that was last read; `sidecar sync` reads it anew")
