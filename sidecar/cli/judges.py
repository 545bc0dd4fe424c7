"""How far the judges that ask a model are to be believed: judges check, judges card."""

import asyncio
import time
from typing import TYPE_CHECKING, Annotated

import typer

from sidecar.cli.options import ConfigOption, DataOption, DryRunOption, JsonOption, opened
from sidecar.domain import LOCAL_TEAM, ProjectId
from sidecar.errors import NotFoundError
from sidecar.printing import EXIT_FOUND, one_line, print_json, print_line

if TYPE_CHECKING:
    from sidecar.agreement import AgreementCard, Measure
    from sidecar.installation import Installation
    from sidecar.jobs.check_records import Checked
    from sidecar.jobs.checking import Plan

app = typer.Typer(no_args_is_help=True, help="How far the judges that ask a model are to be believed.")
ProjectOption = Annotated[str | None, typer.Option(help="Only sessions of this project, by its normalised remote.")]
_MEANINGS = {
    "kappa": "agreement of blind guesses with the tests, beyond chance",
    "precision": "of the sessions guessed to fail, the share that failed",
    "recall": "of the sessions that failed, the share guessed to fail",
    "stability": "share of verdicts that named the same class when asked again",
    "quote_validity": "share of quotes that stand in the packet word for word",
}


@app.command("check")
def check(
    data: DataOption = None, config: ConfigOption = None, as_json: JsonOption = False, dry_run: DryRunOption = False
) -> None:
    """Ask the model about a sample: results it is not shown, verdicts once more, which rules were followed.

    Exit code 1 where a question is left without an answer, which a later run asks again; 2 where none can be asked.
    """
    from sidecar.checks import check_all, check_plan

    with opened(data, config) as installation:
        installation.projector().run(now_ns=time.time_ns())
        if dry_run:
            _print_plan(check_plan(installation), as_json=as_json)
            return
        checked = asyncio.run(check_all(installation))
    _print_checked(checked, as_json=as_json)
    if checked.stopped_by is not None:
        raise checked.stopped_by
    if checked.unjudged:
        raise typer.Exit(EXIT_FOUND)


def _print_plan(planned: "Plan", *, as_json: bool) -> None:
    asked = {"blind": planned.blind, "reruns": planned.reruns, "adherence": planned.adherence}
    if as_json:
        print_json({f"would_ask_{name}": [key.session_id for key in keys] for name, keys in asked.items()})
        return
    print_line(f"{len(planned.blind)} sessions would be guessed without their result")
    print_line(f"{len(planned.reruns)} verdicts would be asked for once more")
    print_line(f"{len(planned.adherence)} sessions would be held against their rules")


def _print_checked(checked: "Checked", *, as_json: bool) -> None:
    if as_json:
        unjudged = [
            {"judge": name, "session": key.session_id, "problem": one.problem.value, "detail": one.detail}
            for name, key, one in checked.unjudged
        ]
        counts = {"guesses": checked.guesses, "reruns": checked.reruns, "adherences": checked.adherences}
        print_json({**counts, "in_batch": checked.in_batch, "unjudged": unjudged})
        return
    for name, key, one in checked.unjudged:
        print_line(f"{key.session_id}: no answer of {name}, {one.problem.value}: {one_line(one.detail)}")
    print_line(
        f"{checked.guesses} blind calls, {checked.reruns} reruns, {checked.adherences} sessions held against their "
        f"rules; `sidecar judges card` says what follows"
    )
    if checked.unjudged:
        print_line(f"without an answer: {len(checked.unjudged)}; a later run asks them again, a few times")
    if checked.in_batch:
        print_line(f"a batch is under way with {checked.in_batch} questions; `sidecar serve` collects it")


@app.command("card")
def card(
    project: ProjectOption = None, data: DataOption = None, config: ConfigOption = None, as_json: JsonOption = False
) -> None:
    """Agreement with the tests, stability and quotes of each version of the judge, with n and 95 % intervals."""
    from sidecar.standings import cards

    with opened(data, config) as installation:
        if project is not None:
            _check_project(installation, project)
        store, settings = installation.store, installation.config
        found = cards(store, settings, project=None if project is None else ProjectId(project))
        min_kappa = settings.learn.min_kappa
    if as_json:
        print_json({"project": project, "cards": [_card_document(one, min_kappa) for one in found]})
        return
    for one in found:
        _print_card(one, min_kappa)
    if not found:
        print_line("no judge asks a model, so none is held against the tests; the judge evidence proves what it says")


def _check_project(installation: "Installation", project: str) -> None:
    known = {*installation.config.projects, *installation.store.projects(LOCAL_TEAM)}
    if project not in known:
        named = ", ".join(sorted(known)[:5]) or "none yet"
        raise NotFoundError(f"no project {project[:80]!r} has sessions or settings; known: {named}")


def _print_card(card: "AgreementCard", min_kappa: float) -> None:
    from sidecar.agreement import standing

    version = card.version
    print_line(f"failure {version.judge_version} by {version.model}, blind {version.blind_version}")
    for name, measure in _measures(card).items():
        print_line(f"  {name.replace('_', ' '):<14} {_told(measure):<30} {_MEANINGS[name]}")
    print_line(f"  {standing(card, min_kappa=min_kappa).sentence}")


def _measures(card: "AgreementCard") -> "dict[str, Measure]":
    return {
        "kappa": card.kappa,
        "precision": card.precision,
        "recall": card.recall,
        "stability": card.stability,
        "quote_validity": card.quote_validity,
    }


def _told(measure: "Measure") -> str:
    if measure.value is None:
        return f"not known (n={measure.n})"
    return f"{measure.value:.2f} ({measure.low:.2f} to {measure.high:.2f}, n={measure.n})"


def _card_document(card: "AgreementCard", min_kappa: float) -> dict[str, object]:
    from sidecar.agreement import standing

    stands = standing(card, min_kappa=min_kappa)
    measures = {
        name: {"value": one.value, "low": one.low, "high": one.high, "n": one.n}
        for name, one in _measures(card).items()
    }
    return {
        "judge": "failure",
        "judge_version": card.version.judge_version,
        "blind_version": card.version.blind_version,
        "model": card.version.model,
        **measures,
        "standing": stands.standing.value,
        "sentence": stands.sentence,
        "min_kappa": min_kappa,
    }
