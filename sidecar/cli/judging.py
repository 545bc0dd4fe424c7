"""The command that judges now."""

import asyncio
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from judges.registry import JUDGES, check_judge
from sidecar.cli.options import ConfigOption, DataOption, DryRunOption, JsonOption, opened
from sidecar.domain import SessionKey
from sidecar.errors import ConfigError
from sidecar.printing import EXIT_FOUND, one_line, print_json, print_line

if TYPE_CHECKING:
    from sidecar.installation import Installation
    from sidecar.jobs.judging import Judged

JudgeOption = Annotated[
    str | None,
    typer.Option("--judge", help=f"Only this one of: {', '.join(JUDGES)}. Else evidence, and learn.judge beside it."),
]


AgainOption = Annotated[
    bool, typer.Option("--again", help="Ask anew also about sessions that were given up after several useless answers.")
]


def judge(
    name: JudgeOption = None,
    data: DataOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
    dry_run: DryRunOption = False,
    again: AgainOption = False,
) -> None:
    """Judge every settled session that a judge has not seen.

    Exit code 1 where a session is left without an answer, which a later run asks for again; 2 where none can be asked.
    """
    from sidecar.engine import judge_all

    check_asked_for(name)
    if again and dry_run:
        raise ConfigError("--again with --dry-run: the first changes what the second would tell; give one of them")
    with opened(data, config) as installation:
        names = judges_asked_for(installation, name)
        installation.projector().run(now_ns=time.time_ns())
        if dry_run:
            _print_waiting([_waiting(installation, one) for one in names], as_json=as_json)
            return
        if again:
            for one in names:
                chosen = installation.judge(one)
                installation.store.ask_again(chosen.name, chosen.version)
        runs = [asyncio.run(judge_all(installation, one)) for one in names]
        given_up = [_given_up(installation, one) for one in names]
    if as_json:
        print_json(_judged_document(names, runs, given_up))
    for judge_name, judged, gone in zip(names, runs, given_up, strict=True):
        if not as_json:
            _print_judged(judge_name, judged, gone)
        if judged.stopped_by is not None:
            raise judged.stopped_by
    if any(judged.unjudged for judged in runs):
        raise typer.Exit(EXIT_FOUND)


def _given_up(installation: "Installation", name: str) -> list[SessionKey]:
    judge = installation.judge(name)
    return installation.store.given_up_sessions(judge.name, judge.version)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Waiting:
    """What a run of one judge would come to."""

    judge: str
    asked: list[SessionKey]
    not_asked: int
    """Sessions of which a judge that asks a model has nothing to ask."""


def _waiting(installation: "Installation", name: str) -> _Waiting:
    """By the same look at each packet as the run's own, which costs nothing."""
    from judges.failure import FailureJudge
    from sidecar.jobs.judging import packet_of

    judge, store = installation.judge(name), installation.store
    keys = store.unjudged_sessions(judge.name, judge.version)
    if not isinstance(judge, FailureJudge):
        return _Waiting(judge=name, asked=keys, not_asked=0)
    stored = ((key, store.session(key)) for key in keys)
    asked = [key for key, one in stored if one is not None and judge.request(packet_of(store, one)) is not None]
    return _Waiting(judge=name, asked=asked, not_asked=len(keys) - len(asked))


def judges_asked_for(installation: "Installation", name: str | None) -> list[str]:
    """The judge that was asked for, or all that judge by the clock."""
    from sidecar.engine import judges_of

    return judges_of(installation.config.learn) if name is None else [name]


def check_asked_for(name: str | None) -> None:
    """An unknown name is said before anything is opened."""
    if name is not None:
        check_judge(name)


def _print_judged(name: str, judged: "Judged", given_up: Sequence[SessionKey]) -> None:
    for verdict in judged.verdicts:
        print_line(f"{verdict.session.session_id}: {one_line(verdict.explanation)}")
    for key, one in judged.unjudged:
        print_line(f"{key.session_id}: no verdict, {one.problem.value}: {one_line(one.detail)}")
    print_line(f"{name}: {_counts_words(name, judged, given_up)}")
    if given_up:
        print_line(
            f"{name}: sessions given up after several answers of no use: {len(given_up)}; `sidecar judge --again` "
            f"asks about them anew"
        )
    if judged.in_batch:
        print_line(f"{name}: a batch is under way about {judged.in_batch} sessions; `sidecar serve` collects it")


def _counts_words(name: str, judged: "Judged", given_up: Sequence[SessionKey]) -> str:
    """How many were asked about and what came of it; who was not asked about is no finding."""
    counts = _counts(name, judged)
    words = f"asked about {counts['asked']} sessions: {counts['verdicts']} verdicts"
    if counts["nothing_found"]:
        words += f", nothing found in {counts['nothing_found']}"
    reasons = ", ".join(f"{count} {reason}" for reason, count in _reasons(judged).items())
    if reasons:
        words += f", no answer about {counts['no_answer']} ({reasons})"
        left = len({key for key, _ in judged.unjudged}.difference(given_up))
        words += f", of which the next run asks about {left} again" if left else ""
    if counts["not_asked"]:
        words += f"; nothing to ask about {counts['not_asked']} others"
    return words + (f"; stopped before {judged.unreached} others" if judged.unreached else "")


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


def _judged_document(
    names: Sequence[str], runs: Sequence["Judged"], given_up: Sequence[Sequence[SessionKey]]
) -> dict[str, object]:
    verdicts = [verdict for judged in runs for verdict in judged.verdicts]
    return {
        "judges": [
            {
                "judge": name,
                **_counts(name, judged),
                "reasons": dict(_reasons(judged)),
                "unreached": judged.unreached,
                "given_up": [key.session_id for key in gone],
            }
            for name, judged, gone in zip(names, runs, given_up, strict=True)
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


def _print_waiting(waiting: Sequence[_Waiting], *, as_json: bool) -> None:
    """What a run would judge; a judge that asks a model would cost money even to try."""
    keys = dict.fromkeys(key.session_id for one in waiting for key in one.asked)
    if as_json:
        judges = [
            {"judge": one.judge, "would_ask": [key.session_id for key in one.asked], "not_asked": one.not_asked}
            for one in waiting
        ]
        print_json({"would_judge": list(keys), "judges": judges})
        return
    for session_id in keys:
        print_line(session_id)
    for one in waiting:
        words = f"{one.judge}: {len(one.asked)} sessions would be judged"
        print_line(words + (f"; nothing to ask about {one.not_asked} others" if one.not_asked else ""))
