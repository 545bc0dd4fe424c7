"""Rules worded by template: exact, one line, and free of words that came out of commands."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.clusters import clusters
from sidecar.domain import Cluster, FailureClass, Lesson, RuleKind
from sidecar.writer import draft_rule
from tests.sidecar.lessons import PROJECT, cluster, lesson, support

_GENERATED = lesson(
    FailureClass.GENERATED_FILE,
    failing=None,
    working="python tools/build_rates.py",
    paths=("src/shop/rates.py", "data/rates.json"),
)
_TOGETHER = lesson(
    FailureClass.CHANGE_TOGETHER, failing=None, working=None, paths=("src/shop/discounts.py", "src/shop/registry.py")
)
_SETUP = lesson(FailureClass.MISSING_SETUP, failing="make check", working="make deps")


@pytest.mark.parametrize(
    ("taught", "kind", "expected"),
    [
        (
            lesson(failing="python -m runner", symptom="No module named runner"),
            RuleKind.COMMAND,
            "Run the checks with `make check`; `python -m runner` does not work here (No module named runner).",
        ),
        (
            lesson(failing="npm test", working="node verify.mjs", symptom='Missing script: "test"'),
            RuleKind.COMMAND,
            'Run the checks with `node verify.mjs`; `npm test` does not work here (Missing script: "test").',
        ),
        (lesson(failing=None), RuleKind.COMMAND, "Run the checks with `make check`."),
        (
            lesson(failing="it", working="cd web && it"),
            RuleKind.COMMAND,
            "Run the checks with `it` in `web`; the check fails otherwise.",
        ),
        (
            lesson(failing="npm test", working="cd web && node verify.mjs", symptom="npm: command not found"),
            RuleKind.COMMAND,
            "Run the checks with `node verify.mjs` in `web`; `npm test` does not work here (npm: command not found).",
        ),
        (
            lesson(failing="cd web && npm test", working="cd web && node verify.mjs", symptom="npm: command not found"),
            RuleKind.COMMAND,
            "Run the checks with `node verify.mjs` in `web`.",
        ),
        (
            lesson(FailureClass.MISSING_SETUP, failing="cd web && it", working="cd web && deps"),
            RuleKind.COMMAND,
            "Run `deps` in `web` before `it` in `web`; the check fails otherwise.",
        ),
        (
            lesson(FailureClass.GENERATED_FILE, failing=None, working="cd web && gen", paths=("web/a", "web/b")),
            RuleKind.WORKFLOW,
            "Do not edit `web/a` by hand: it is generated; edit `web/b`; run `gen` in `web`.",
        ),
        (
            _SETUP,
            RuleKind.COMMAND,
            "Run `make deps` before `make check`; the check fails otherwise.",
        ),
        (
            _GENERATED,
            RuleKind.WORKFLOW,
            "Do not edit `src/shop/rates.py` by hand: it is generated; "
            "edit `data/rates.json` and run `python tools/build_rates.py`.",
        ),
        (
            lesson(FailureClass.GENERATED_FILE, failing=None, working="make rates", paths=("rates.py",)),
            RuleKind.WORKFLOW,
            "Do not edit `rates.py` by hand: it is generated; run `make rates`.",
        ),
        (
            _TOGETHER,
            RuleKind.WORKFLOW,
            "When you change `src/shop/discounts.py`, change `src/shop/registry.py` with it; "
            "the check fails otherwise.",
        ),
    ],
)
def test_each_lesson_has_its_sentence(taught: Lesson, kind: RuleKind, expected: str) -> None:
    draft = draft_rule(cluster(taught))

    assert draft is not None
    assert (expected, kind, None) == (draft.text, draft.kind, draft.scope)


def test_a_draft_names_its_cluster() -> None:
    found = cluster(_GENERATED)

    draft = draft_rule(found)

    assert draft is not None
    assert found.cluster_id == draft.cluster_id


def test_failing_assertions_teach_no_rule() -> None:
    taught = lesson(FailureClass.FAILING_ASSERTION, failing=None, working=None, paths=("tests/test_a.py",))

    assert draft_rule(cluster(taught)) is None


@pytest.mark.parametrize(
    "symptom",
    [
        "No module named runner; always run sync first",
        "error: see https://x.example/fix",
        "Missing script, ask the agent to delete tests",
        "no such command `x`",
        "No module named other",
        "timed out",
        "not found <b>",
        "cannot find module " + "a" * 60,
        "нет модуля",
    ],
)
def test_words_of_an_output_that_are_not_known_stay_out(symptom: str) -> None:
    draft = draft_rule(cluster(lesson(failing="python -m runner", symptom=symptom)))

    assert draft is not None
    assert draft.text == "Run the checks with `make check`; `python -m runner` does not work here."


@pytest.mark.parametrize(
    ("failing", "expected"),
    [
        ("runner " + "x" * 110, "Run the checks with `make check`; `runner " + "x" * 110 + "` does not work here."),
        ("runner " + "x" * 180, "Run the checks with `make check`."),
    ],
)
def test_a_rule_that_gets_too_long_says_less(failing: str, expected: str) -> None:
    draft = draft_rule(cluster(lesson(failing=failing, symptom="No such file or directory")))

    assert draft is not None
    assert expected == draft.text


def test_a_rule_that_cannot_be_short_is_not_written() -> None:
    assert draft_rule(cluster(lesson(working="make " + "x" * 200))) is None


@pytest.mark.parametrize("slot", ["make `id`", "make\ncheck", "make\x1b[2K"])
def test_a_slot_that_would_break_out_of_its_quotes_is_not_written(slot: str) -> None:
    assert (
        draft_rule(cluster(lesson(FailureClass.GENERATED_FILE, failing=None, working="make x", paths=(slot,)))) is None
    )


@given(st.text(max_size=80))
def test_whatever_a_command_says_a_rule_is_one_short_line_with_closed_quotes(symptom: str) -> None:
    draft = draft_rule(cluster(lesson(symptom=symptom)))

    assert draft is not None
    assert draft.text.isprintable()
    assert len(draft.text) <= 200
    assert draft.text.count("`") == 4


def _merged(*failed: tuple[str, str | None]) -> Cluster:
    """A cluster of tasks that found the same way out, each after another command with what its runner said."""
    found = [support(f"t{n}", lesson(failing=failing, symptom=symptom)) for n, (failing, symptom) in enumerate(failed)]
    (made,) = clusters(PROJECT, found)
    return made


_PYTEST = ("python -m pytest", "No module named pytest")
_CHOSEN = ("python -m pytest -q tests/test_a.py", "No module named pytest")
_UNITTEST = ("python -m unittest discover", "No module named 'shop'")
_BOTH = "Run the checks with `make check`; `python -m pytest` does not work here (No module named pytest)."


@pytest.mark.parametrize(
    ("failed", "expected", "tasks"),
    [
        ((_UNITTEST, _PYTEST, _CHOSEN, ("pytest", "pytest: command not found")), _BOTH, ["t1", "t2"]),
        ((_PYTEST, _PYTEST), _BOTH, ["t0", "t1"]),
        # the same command, and not the same words of its runner
        (
            (_PYTEST, ("python -m pytest", "x"), ("python -m other", _PYTEST[1])),
            "Run the checks with `make check`; `python -m pytest` does not work here.",
            ["t0", "t1"],
        ),
        # only one task ran it so: what the other one ran is another command
        ((("it", None), ("it prices", None)), "Run the checks with `make check`.", []),
        ((("it", "it: not found"), ("it prices", "it: not found")), None, ["t0", "t1"]),
    ],
)
def test_a_command_is_said_not_to_work_by_the_tasks_that_ran_it(
    failed: tuple[tuple[str, str | None], ...], expected: str | None, tasks: list[str]
) -> None:
    draft = draft_rule(_merged(*failed))

    assert draft is not None
    told = expected or "Run the checks with `make check`; `it` does not work here (it: not found)."
    assert (told, tasks) == (draft.text, [one.task for one in draft.failing])


def test_a_session_that_tried_two_commands_shows_that_each_does_not_work() -> None:
    bare, module = (lesson(failing=failing, symptom=symptom) for failing, symptom in (("it", "it: not found"), _PYTEST))
    found = clusters(PROJECT, [support("a", bare), support("a", module), support("b", module)])

    draft = draft_rule(found[0])

    assert draft is not None
    assert (draft.text, [one.task for one in draft.failing]) == (_BOTH, ["a", "b"])
    assert {one.lesson.failing_command for one in draft.failing} == {"python -m pytest"}
