"""What is said of a session in Phoenix and can still change."""

import pytest

from sidecar.domain import Label
from sidecar.phoenix.annotating import Annotation, Target, annotations_of
from tests.contracts.records import make_decision, make_key, make_verdict


def annotations(label: Label = Label.CODE_FAIL, *, revision: int = 1) -> list[Annotation]:
    targets = [(Target.SESSION, "s1"), (Target.SPAN, "00" * 8)]
    return annotations_of(make_key(), revision, make_decision(label), [make_verdict()], targets)


@pytest.mark.parametrize(("label", "score"), [(Label.PASS, 1.0), (Label.CODE_FAIL, 0.0)])
def test_a_decided_session_has_a_score(label: Label, score: float) -> None:
    first, *_ = annotations(label)

    assert (first.name, first.kind, first.label, first.score) == ("tests", "CODE", label.value, score)


@pytest.mark.parametrize("label", [Label.INFRA, Label.UNKNOWN])
def test_an_undecided_session_has_a_label_and_no_score(label: Label) -> None:
    first, *_ = annotations(label)

    assert first.document()["result"] == {"label": label.value, "explanation": "1 of 2 tests failed"}


def test_a_verdict_carries_its_words_and_the_evidence() -> None:
    _, verdict, *_ = annotations()

    assert (verdict.name, verdict.kind, verdict.label) == ("verdict:evidence", "CODE", "wrong_command")
    assert verdict.explanation == "It used npm test.\n\n> npm: not found"


def test_words_that_no_database_takes_do_not_stop_a_session() -> None:
    verdict = make_verdict(explanation="cut in an emoji \ud83d and a \0 byte")

    _, said = annotations_of(make_key(), 1, make_decision(), [verdict], [(Target.SESSION, "s1")])

    assert said.explanation.startswith("cut in an emoji \ufffd and a \ufffd byte")


def test_the_label_stands_before_verdicts_in_the_order_of_the_page() -> None:
    names = [one.name for one in annotations()]

    assert names == ["tests", "verdict:evidence"] * 2
    assert names[:2] == sorted(names[:2])


def test_a_later_revision_replaces_what_the_earlier_said() -> None:
    def keys(found: list[Annotation]) -> list[tuple[str, str, str]]:
        return [(one.target_id, one.name, one.identifier) for one in found]

    assert keys(annotations()) == keys(annotations(Label.PASS, revision=2))
