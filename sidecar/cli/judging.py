"""The command that judges now."""

import asyncio
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from judges.registry import JUDGES, check_judge
from sidecar.cli.options import ConfigOption, DataOption, DryRunOption, JsonOption, opened
from sidecar.domain import SessionKey
from sidecar.printing import EXIT_FOUND, print_json, print_line

if TYPE_CHECKING:
    from sidecar.installation import Installation
    from sidecar.jobs.judging import Judged

JudgeOption = Annotated[
    str | None,
    typer.Option("--judge", help=f"Only this one of: {', '.join(JUDGES)}. Else evidence, and learn.judge beside it."),
]


def judge(
    name: JudgeOption = None,
    data: DataOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
    dry_run: DryRunOption = False,
) -> None:
    """Judge every settled session that a judge has not seen.

    Exit code 1 where a session is left without an answer, which a later run asks for again; 2 where none can be asked.
    """
    from sidecar.engine import judge_all

    check_asked_for(name)
    with opened(data, config) as installation:
        names = judges_asked_for(installation, name)
        installation.projector().run(now_ns=time.time_ns())
        if dry_run:
            chosen = [installation.judge(one) for one in names]
            waiting = [key for one in chosen for key in installation.store.unjudged_sessions(one.name, one.version)]
            _print_waiting(list(dict.fromkeys(waiting)), as_json=as_json)
            return
        runs = [asyncio.run(judge_all(installation, one)) for one in names]
    if as_json:
        print_json(_judged_document(names, runs))
    for judge_name, judged in zip(names, runs, strict=True):
        if not as_json:
            _print_judged(judge_name, judged)
        if judged.stopped_by is not None:
            raise judged.stopped_by
    if any(judged.unjudged for judged in runs):
        raise typer.Exit(EXIT_FOUND)


def judges_asked_for(installation: "Installation", name: str | None) -> list[str]:
    """The judge that was asked for, or all that judge by the clock."""
    from sidecar.engine import judges_of

    return judges_of(installation.config.learn) if name is None else [name]


def check_asked_for(name: str | None) -> None:
    """An unknown name is said before anything is opened."""
    if name is not None:
        check_judge(name)


def _print_judged(name: str, judged: "Judged") -> None:
    for verdict in judged.verdicts:
        print_line(f"{verdict.session.session_id}: {verdict.explanation}")
    for key, one in judged.unjudged:
        print_line(f"{key.session_id}: no verdict, {one.problem.value}: {one.detail}")
    print_line(f"{name}: {_counts_words(name, judged)}")
    if judged.in_batch:
        print_line(f"{name}: a batch is under way about {judged.in_batch} sessions; `sidecar serve` collects it")


def _counts_words(name: str, judged: "Judged") -> str:
    """How many were asked about and what came of it; who was not asked about is no finding."""
    counts = _counts(name, judged)
    words = f"asked about {counts['asked']} sessions: {counts['verdicts']} verdicts"
    if counts["nothing_found"]:
        words += f", nothing found in {counts['nothing_found']}"
    reasons = ", ".join(f"{count} {reason}" for reason, count in _reasons(judged).items())
    if reasons:
        words += f", no answer about {counts['no_answer']} ({reasons}), which are asked about again"
    return words + (f"; nothing to ask about {counts['not_asked']} others" if counts["not_asked"] else "")


def _counts(name: str, judged: "Judged") -> dict[str, int]:
    is_asking = _is_asking(name)
    silent, answered = len(judged.silent), len(judged.verdicts)
    return {
        "asked": answered + len(judged.unjudged) + (0 if is_asking else silent),
        "verdicts": answered,
        "nothing_found": 0 if is_asking else silent,
        "no_answer": len(judged.unjudged),
        "not_asked": silent if is_asking else 0,
    }


def _is_asking(name: str) -> bool:
    """Whether it asks a model: it then has a verdict or a problem wherever it asks, and is silent where it need not."""
    from sidecar.installation import MODELLESS_JUDGE

    return name != MODELLESS_JUDGE


def _silent(names: Sequence[str], runs: Sequence["Judged"], *, is_asking: bool) -> list[str]:
    """Sessions about which judges that ask a model, or those that do not, had nothing to say."""
    chosen = (judged for name, judged in zip(names, runs, strict=True) if _is_asking(name) == is_asking)
    return list(dict.fromkeys(key.session_id for judged in chosen for key in judged.silent))


def _reasons(judged: "Judged") -> Mapping[str, int]:
    return Counter(one.problem.value for _, one in judged.unjudged)


def _judged_document(names: Sequence[str], runs: Sequence["Judged"]) -> dict[str, object]:
    verdicts = [verdict for judged in runs for verdict in judged.verdicts]
    return {
        "judges": [
            {"judge": name, **_counts(name, judged), "reasons": dict(_reasons(judged))}
            for name, judged in zip(names, runs, strict=True)
        ],
        "verdicts": [
            {"session": one.session.session_id, "judge": one.judge, "explanation": one.explanation} for one in verdicts
        ],
        "in_batch": sum(judged.in_batch for judged in runs),
        "nothing_found": _silent(names, runs, is_asking=False),
        "not_asked": _silent(names, runs, is_asking=True),
        "unjudged": [
            {"session": key.session_id, "problem": one.problem.value, "detail": one.detail}
            for judged in runs
            for key, one in judged.unjudged
        ],
    }


def _print_waiting(keys: Sequence[SessionKey], *, as_json: bool) -> None:
    """What a run would judge; a judge that asks a model would cost money even to try."""
    if as_json:
        print_json({"would_judge": [key.session_id for key in keys]})
        return
    for key in keys:
        print_line(key.session_id)
    print_line(f"{len(keys)} sessions would be judged")
