"""Settled sessions in Phoenix: nothing missing, nothing twice, whatever it loses or refuses."""

import asyncio
import contextlib
import itertools

import pytest

from sidecar.domain import Label, SessionState
from sidecar.errors import PhoenixRefusedError, PhoenixUnavailableError
from sidecar.phoenix.client import PhoenixClient
from sidecar.phoenix.confirming import Patience
from sidecar.phoenix.mapping import UNASSIGNED
from sidecar.phoenix.mirror import MAX_TRIES, Mirrored, mirror_sessions
from sidecar.store import Store
from tests.contracts.records import make_decision, make_key, make_session, make_verdict
from tests.sidecar.phoenix.stand_in import StandIn

QUICK = Patience(stall_s=0.2, poll_s=0.02)


def settle(
    store: Store, session_id: str = "s1", *, commands: tuple[str, ...] = ("make test",), label: Label = Label.CODE_FAIL
) -> None:
    session = make_session(make_key(session_id), state=SessionState.SETTLED, commands=commands)
    store.set_session(session, make_decision(label), now_ns=1)


def judge(store: Store, session_id: str = "s1", *, revision: int = 1, finds: bool = True) -> None:
    key = make_key(session_id)
    verdict = make_verdict(key, revision=revision) if finds else None
    store.set_verdict(key, revision=revision, judge="evidence", judge_version="1", verdict=verdict)


async def mirror(store: Store, client: PhoenixClient) -> Mirrored:
    return await mirror_sessions(
        store, client, redact=lambda text: text.replace("s3cret", "[REDACTED]"), patience=QUICK
    )


async def test_only_settled_sessions_are_shown_each_with_label_and_verdict(
    store: Store, client: PhoenixClient, phoenix: StandIn
) -> None:
    settle(store)
    judge(store)
    store.set_session(make_session(make_key("closed")), make_decision(), now_ns=1)

    mirrored = await mirror(store, client)

    assert mirrored.sessions == (make_key(),)
    assert {session for _, session in phoenix.spans.values()} == {"s1"}
    assert phoenix.said("session", "s1") == {"tests": "code_fail", "verdict:evidence": "wrong_command"}


async def test_mirroring_again_sends_nothing(store: Store, client: PhoenixClient, phoenix: StandIn) -> None:
    settle(store)
    await mirror(store, client)

    again = await mirror(store, client)

    assert again.sessions == ()
    assert len(phoenix.received) == len(set(phoenix.received)) == 2


async def test_spans_it_acknowledged_and_lost_are_sent_again(
    store: Store, client: PhoenixClient, phoenix: StandIn
) -> None:
    settle(store, commands=("a", "b", "c"))
    phoenix.lost_requests = 1

    mirrored = await mirror(store, client)

    assert mirrored.sessions == (make_key(),)
    assert len(phoenix.spans) == 4


@pytest.mark.parametrize("status", [429, 502, 503])
async def test_an_overloaded_phoenix_leaves_everything_due(
    store: Store, client: PhoenixClient, phoenix: StandIn, status: int
) -> None:
    settle(store)
    phoenix.status = status

    with pytest.raises(PhoenixUnavailableError, match=str(status)):
        await mirror(store, client)

    phoenix.status = 200
    assert (await mirror(store, client)).sessions == (make_key(),)


async def test_whichever_request_goes_wrong_the_next_run_ends_in_the_same_state(
    store: Store, client: PhoenixClient, phoenix: StandIn
) -> None:
    """Each round fails one request later, in a revision with a verdict and in the next, that has lost it."""
    rounds = itertools.product(range(1, 12), (True, False))
    for revision, (broken, has_verdict) in enumerate(rounds, start=1):
        label = [Label.PASS, Label.CODE_FAIL][revision % 2]
        settle(store, commands=tuple(f"step {number}" for number in range(revision)), label=label)
        judge(store, revision=revision, finds=has_verdict)
        phoenix.broken_request = phoenix.requests + broken
        with contextlib.suppress(PhoenixUnavailableError, PhoenixRefusedError):
            await mirror(store, client)
        phoenix.broken_request = 0

        await mirror(store, client)

        verdict = {"verdict:evidence": "wrong_command"} if has_verdict else {}
        (root,) = {target for kind, target, _, _ in phoenix.annotations if kind == "span"}
        said = [phoenix.said("session", "s1"), phoenix.said("span", root)]
        assert said == [{"tests": label.value, **verdict}] * 2
        assert len(phoenix.spans) == revision + 1
    assert len(phoenix.received) == len(set(phoenix.received))


async def test_a_session_whose_project_becomes_known_after_its_spans_were_sent_stays_where_they_are(
    store: Store, client: PhoenixClient, phoenix: StandIn
) -> None:
    """Spans cannot move: sent to another place once more, they would be acknowledged and never appear there."""
    store.set_session(make_session(state=SessionState.SETTLED, project=None), make_decision(), now_ns=1)
    waiting = Patience(stall_s=30, poll_s=30)
    killed = asyncio.create_task(mirror_sessions(store, client, redact=str, patience=waiting))
    while not phoenix.spans:  # noqa: ASYNC110 - another task is waited for
        await asyncio.sleep(0.01)
    killed.cancel()
    await asyncio.wait([killed])
    settle(store)
    mirrored = await mirror(store, client)

    assert mirrored.sessions == (make_key(),)
    assert {project for project, _ in phoenix.spans.values()} == {UNASSIGNED}


async def test_a_phoenix_that_is_not_there_leaves_everything_due(store: Store) -> None:
    settle(store)

    async with PhoenixClient.connect("http://127.0.0.1:9") as client:
        with pytest.raises(PhoenixUnavailableError, match="does not answer"):
            await mirror(store, client)

    assert store.unmirrored_sessions(max_tries=MAX_TRIES) == [make_key()]


async def test_a_session_it_refuses_is_parked_with_its_words_and_holds_up_no_other(
    store: Store, client: PhoenixClient, phoenix: StandIn
) -> None:
    for session_id in ("a", "poison", "z"):
        settle(store, session_id)
    phoenix.refused_session = "poison"

    runs = [await mirror(store, client) for _ in range(MAX_TRIES + 1)]

    assert runs[0].sessions == (make_key("a"), make_key("z"))
    assert [list(run.parked) for run in runs] == [[]] * (MAX_TRIES - 1) + [[make_key("poison")]] * 2
    assert "answers 400" in runs[-1].parked[make_key("poison")]


async def test_a_phoenix_that_breaks_over_everything_parks_not_the_whole_backlog(
    store: Store, client: PhoenixClient, phoenix: StandIn
) -> None:
    for session_id in ("a", "b", "c"):
        settle(store, session_id)
    phoenix.status = 500

    for _ in range(MAX_TRIES):
        with pytest.raises(PhoenixUnavailableError, match="answers 500"):
            await mirror(store, client)

    phoenix.status = 200
    assert (await mirror(store, client)).sessions == (make_key("b"), make_key("c"))
    again = await mirror_sessions(store, client, redact=str, patience=QUICK, max_tries=MAX_TRIES + 1)
    assert again.sessions == (make_key("a"),)


async def test_a_session_whose_spans_never_appear_is_parked(
    store: Store, client: PhoenixClient, phoenix: StandIn
) -> None:
    settle(store, "a")
    settle(store, "poison")
    phoenix.dropped_session = "poison"

    runs = [await mirror(store, client) for _ in range(MAX_TRIES)]

    assert runs[0].sessions == (make_key("a"),)
    assert "never appeared" in runs[-1].parked[make_key("poison")]


async def test_a_phoenix_that_keeps_nothing_parks_not_the_whole_backlog(
    store: Store, client: PhoenixClient, phoenix: StandIn
) -> None:
    for session_id in ("a", "b", "c"):
        settle(store, session_id)
    phoenix.lost_requests = 100

    with pytest.raises(PhoenixUnavailableError, match="takes nothing at the moment"):
        await mirror(store, client)

    phoenix.lost_requests = 0
    assert len((await mirror(store, client)).sessions) == 3


async def test_a_parked_session_is_due_again_when_it_changes(
    store: Store, client: PhoenixClient, phoenix: StandIn
) -> None:
    settle(store)
    phoenix.refused_session = "s1"
    for _ in range(MAX_TRIES):
        await mirror(store, client)
    phoenix.refused_session = ""

    settle(store, commands=("make test", "make check"))

    assert (await mirror(store, client)).sessions == (make_key(),)


async def test_a_later_revision_replaces_what_was_said_and_adds_only_new_spans(
    store: Store, client: PhoenixClient, phoenix: StandIn
) -> None:
    settle(store)
    judge(store)
    await mirror(store, client)

    settle(store, commands=("make test", "make check"), label=Label.PASS)
    judge(store, revision=2, finds=False)
    await mirror(store, client)

    assert phoenix.said("session", "s1") == {"tests": "pass"}
    assert len(phoenix.received) == len(set(phoenix.received)) == 3
    (root,) = {target for kind, target, _, _ in phoenix.annotations if kind == "span"}
    assert phoenix.said("span", root) == {"tests": "pass"}


async def test_a_verdict_that_comes_later_is_added(store: Store, client: PhoenixClient, phoenix: StandIn) -> None:
    settle(store)
    await mirror(store, client)

    judge(store)
    await mirror(store, client)

    assert phoenix.said("session", "s1") == {"tests": "code_fail", "verdict:evidence": "wrong_command"}
    assert len(phoenix.received) == 2


async def test_peoples_own_annotations_stay(store: Store, client: PhoenixClient, phoenix: StandIn) -> None:
    settle(store)
    await mirror(store, client)
    phoenix.note("session", "s1", "wrong file", name="opinion")

    settle(store, label=Label.PASS)
    await mirror(store, client)

    assert phoenix.said("session", "s1") == {"tests": "pass", "opinion": "bad"}


async def test_a_phoenix_that_was_emptied_is_filled_again(
    store: Store, client: PhoenixClient, phoenix: StandIn
) -> None:
    settle(store)
    await mirror(store, client)
    phoenix.spans.clear()
    phoenix.annotations.clear()

    again = await mirror(store, client)

    assert again.sessions == (make_key(),)
    assert len(phoenix.spans) == 2


async def test_what_leaves_is_redacted_once_more(store: Store, client: PhoenixClient, phoenix: StandIn) -> None:
    settle(store)
    store.set_session(
        make_session(make_key(), state=SessionState.SETTLED), make_decision(reason="said s3cret"), now_ns=2
    )

    await mirror(store, client)

    explanations = [row["result"]["explanation"] for row in phoenix.annotations.values()]
    assert explanations == ["said [REDACTED]"] * 2


async def test_a_backlog_of_many_sessions_is_shown_whole(store: Store, client: PhoenixClient, phoenix: StandIn) -> None:
    for number in range(60):
        settle(store, f"s{number:02d}", commands=tuple(f"c{n}" for n in range(20)))
    steps: list[tuple[int, int]] = []

    mirrored = await mirror_sessions(
        store, client, redact=str, progress=lambda done, known: steps.append((done, known)), patience=QUICK
    )

    assert len(mirrored.sessions) == 60
    assert len(phoenix.spans) == mirrored.spans == 60 * 21
    assert steps[-1] == (60, 60)
