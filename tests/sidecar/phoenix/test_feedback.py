"""What people note in Phoenix comes back once, and changes when they change it."""

import pytest

from sidecar.phoenix.annotating import Target
from sidecar.phoenix.client import FoundAnnotation, PhoenixClient
from sidecar.phoenix.feedback import WINDOW_NS, feedback_words, read_feedback
from sidecar.store import Store
from tests.contracts.records import make_key
from tests.sidecar.phoenix.stand_in import StandIn
from tests.sidecar.phoenix.test_mirror import judge, mirror, settle


async def read(store: Store, client: PhoenixClient, *, now_ns: int = 1) -> int:
    return await read_feedback(store, client, redact=lambda text: text.replace("s3cret", "[REDACTED]"), now_ns=now_ns)


async def test_notes_on_a_session_and_its_spans_come_back_redacted_and_once(
    store: Store, client: PhoenixClient, phoenix: StandIn
) -> None:
    settle(store)
    judge(store)
    await mirror(store, client)
    phoenix.note("session", "s1", "the key is s3cret")
    phoenix.note("span", next(iter(phoenix.spans)), "this was the mistake")

    counts = [await read(store, client) for _ in range(2)]

    assert counts == [2, 2]
    assert sorted(store.feedback(make_key())) == [
        "quality: bad\nthe key is [REDACTED]",
        "quality: bad\nthis was the mistake",
    ]


async def test_changed_words_replace_the_old_ones(store: Store, client: PhoenixClient, phoenix: StandIn) -> None:
    settle(store)
    await mirror(store, client)
    phoenix.note("session", "s1", "bad")
    await read(store, client)

    phoenix.note("session", "s1", "good after all")
    await read(store, client)

    assert store.feedback(make_key()) == ["quality: bad\ngood after all"]


async def test_sessions_of_long_ago_are_not_asked_about(store: Store, client: PhoenixClient, phoenix: StandIn) -> None:
    settle(store)
    await mirror(store, client)
    phoenix.note("session", "s1", "late")

    assert await read(store, client, now_ns=WINDOW_NS + 100) == 0


@pytest.mark.parametrize(
    ("name", "label", "score", "explanation", "words"),
    [
        ("quality", "good", 0.5, "because", "quality: good 0.5\nbecause"),
        ("quality", None, None, "because", "quality\nbecause"),
        ("note", None, None, "because", "because"),
        ("quality", None, 0.0, None, "quality: 0"),
        ("quality", None, None, None, None),
    ],
)
def test_an_annotation_is_said_in_words(
    name: str, label: str | None, score: float | None, explanation: str | None, words: str | None
) -> None:
    found = FoundAnnotation(
        target=Target.SESSION,
        target_id="s1",
        annotation_id="1",
        name=name,
        identifier="",
        is_human=True,
        label=label,
        score=score,
        explanation=explanation,
        updated_ns=1,
    )

    assert feedback_words(found) == words
