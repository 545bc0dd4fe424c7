"""The command by which a person takes over a text that the gate refused: rules adopt."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sidecar.cli.options import ConfigOption, DataOption, DryRunOption, JsonOption, opened
from sidecar.domain import ProjectId, RuleKind
from sidecar.errors import InputError
from sidecar.printing import EXIT_FOUND, print_json, print_line

if TYPE_CHECKING:
    from sidecar.jobs.adopting import Adopted


def adopt(
    identity: Annotated[
        str,
        typer.Argument(metavar="ID", help="Id of a refused text, as `rules list` shows it, or its first characters."),
    ],
    text: Annotated[str, typer.Option(help="The rule in your own words, one line.")],
    kind: Annotated[
        str | None, typer.Option(help=f"One of: {', '.join(kind.value for kind in RuleKind)}. Else it is inferred.")
    ] = None,
    scope: Annotated[str | None, typer.Option(help="Glob of the paths it holds for; else the whole project.")] = None,
    project: Annotated[str | None, typer.Option(help="Only look in this project, by its normalised remote.")] = None,
    data: DataOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
    dry_run: DryRunOption = False,
) -> None:
    """Say in your own words what the gate refused, and add that to the project's proposal; `sync` publishes it."""
    from sidecar.cli.person import person_at
    from sidecar.engine import lease_on, open_clone, prompt_file, watched_projects
    from sidecar.jobs.adopting import Words, find_refusal
    from sidecar.jobs.adopting import adopt as adopt_words
    from sidecar.jobs.base_branch import load_base
    from sidecar.leasing import held

    words = Words(text=text, kind=_kind(kind), scope=scope or None, said_by=person_at(Path.cwd()))
    with opened(data, config) as installation:
        names = watched_projects(installation, ProjectId(project) if project else None)
        refusal = find_refusal(installation.store, names, identity)
        name = refusal.project
        with held(installation.store, lease_on(installation, f"project:{name}")) as store:
            clone, team = open_clone(installation, name), installation.team_of(name)
            base = load_base(clone, store, team, name, prompt=prompt_file(installation, name))
            adopted = adopt_words(store, base, refusal, words, now_ns=time.time_ns(), is_dry_run=dry_run)
    _show(adopted, as_json=as_json, is_dry_run=dry_run)
    if adopted.reasons:
        raise typer.Exit(EXIT_FOUND)


def _kind(value: str | None) -> RuleKind | None:
    if value is None:
        return None
    if value not in [kind.value for kind in RuleKind]:
        raise InputError(f"--kind {value!r}: expected one of {', '.join(kind.value for kind in RuleKind)}")
    return RuleKind(value)


def _show(adopted: "Adopted", *, as_json: bool, is_dry_run: bool) -> None:
    from sidecar.documents import proposal_document, rule_document

    if as_json:
        print_json(
            {
                "project": adopted.refusal.project,
                "adopted": not adopted.reasons and not is_dry_run,
                "rule": rule_document(adopted.rule),
                "reasons": list(adopted.reasons),
                "proposal": proposal_document(adopted.proposal) if adopted.proposal else None,
                "dry_run": is_dry_run,
            }
        )
        return
    if adopted.reasons:
        print_line(f"not taken: {adopted.rule.text}")
        for reason in adopted.reasons:
            print_line(f"  {reason}")
        if adopted.taken is None:
            print_line("  say it otherwise with --text, or write it into the rules file by hand")
        return
    said = "would be in" if is_dry_run else "is in"
    print_line(f"{adopted.refusal.project}: {adopted.rule.text} {said} the proposal; `sidecar sync` publishes it")
