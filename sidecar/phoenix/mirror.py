"""Show every settled session in Phoenix, and record what Phoenix has confirmed.

An acknowledged span can still be lost there, so a session counts as mirrored only when Phoenix shows all of its spans.
What it shows is not sent again; what is missing is. Every step may be killed and run again: span ids and annotation
identifiers are derived from the session, so nothing comes twice.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from opentelemetry.proto.trace.v1.trace_pb2 import Span

from sidecar.domain import Rule, SessionKey
from sidecar.errors import DamagedError, PhoenixRefusedError, PhoenixUnavailableError
from sidecar.otlp import redact_message
from sidecar.phoenix.annotating import Annotation, Target, annotations_of, identifier_of
from sidecar.phoenix.client import PhoenixBrokeError, PhoenixClient
from sidecar.phoenix.confirming import BATCH_SPANS, NotKeptError, Patience, store_spans
from sidecar.phoenix.mapping import (
    active_rule_ids,
    phoenix_project,
    phoenix_session,
    root_span_ids,
    session_spans,
    span_request,
)
from sidecar.store import Store

MAX_TRIES = 3
"""Refusals in a row after which a session is parked until it changes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mirrored:
    """What one run did."""

    sessions: tuple[SessionKey, ...]
    """Confirmed in this run, in the order of their activity."""
    spans: int
    """Spans of these sessions, all of which Phoenix shows."""
    parked: Mapping[SessionKey, str]
    """All that Phoenix will not take, with its words, and what the store cannot read, with why."""
    projects: tuple[str, ...]
    """Phoenix projects that were written to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    """One session as it is to be shown, redacted."""

    key: SessionKey
    place: str
    revision: int
    sequence: int
    spans: tuple[Span, ...]
    annotations: tuple[Annotation, ...]


async def mirror_sessions(
    store: Store,
    phoenix: PhoenixClient,
    *,
    redact: Callable[[str], str],
    progress: Callable[[int, int], None] = lambda _done, _all: None,
    patience: Patience = Patience(),  # noqa: B008 - immutable
    max_tries: int = MAX_TRIES,
) -> Mirrored:
    """Bring Phoenix to where the store is; safe to run twice and to stop anywhere.

    Args:
        redact: Applied once more to all that leaves.
        progress: Told how many sessions are done, of how many.
        max_tries: Refusals after which a session is left alone; a higher one tries those that are parked again.
    Raises:
        PhoenixUnavailableError: it does not answer or does not keep up; what is not confirmed stays due.
    """
    store.forget_mirrored((await phoenix.projects()).keys())
    keys = store.unmirrored_sessions(max_tries=max_tries)
    unreadable: dict[SessionKey, str] = {}
    done: list[SessionKey] = []
    places: set[str] = set()
    span_count = 0
    for batch in _batches(_loaded(store, keys, redact, unreadable)):
        shown = await _confirmed(store, phoenix, batch, patience)
        done += [one.key for one in shown]
        places |= {one.place for one in shown}
        span_count += sum(len(one.spans) for one in shown)
        progress(len(done), len(keys))
    return Mirrored(
        sessions=tuple(done),
        spans=span_count,
        parked={**store.parked_sessions(max_tries=max_tries), **unreadable},
        projects=tuple(sorted(places)),
    )


def _loaded(
    store: Store, keys: Sequence[SessionKey], redact: Callable[[str], str], unreadable: dict[SessionKey, str]
) -> Iterator[_Shown]:
    """The sessions one after the other; those that do not read back are put into `unreadable`."""
    rules_by_sha = store.rules_files()
    for key in keys:
        try:
            shown = _shown(store, key, rules_by_sha, redact)
        except DamagedError as exc:
            unreadable[key] = str(exc)
        else:
            if shown is not None:
                yield shown


def _shown(
    store: Store, key: SessionKey, rules_by_sha: Mapping[str, Sequence[Rule]], redact: Callable[[str], str]
) -> _Shown | None:
    # in this order: a verdict that comes meanwhile makes the session due again
    sequence = store.verdict_sequence(key)
    stored, before = store.session(key), store.mirroring(key)
    if stored is None:
        return None
    session = stored.session
    place = before.place if before else phoenix_project(key.team, session.project)
    request = span_request(place, session_spans(session, active_rule_ids(session, rules_by_sha)))
    redact_message(request, redact)
    targets = [(Target.SESSION, phoenix_session(key)), *((Target.SPAN, one) for one in root_span_ids(session))]
    said = annotations_of(key, session.revision, stored.decision, store.verdicts(key), targets)
    return _Shown(
        key=key,
        place=place,
        revision=session.revision,
        sequence=sequence,
        spans=tuple(request.resource_spans[0].scope_spans[0].spans),
        annotations=tuple(replace(one, explanation=redact(one.explanation)) for one in said),
    )


def _batches(sessions: Iterable[_Shown]) -> Iterator[list[_Shown]]:
    """Sessions of one place, together until they have BATCH_SPANS."""
    batch: list[_Shown] = []
    for shown in sessions:
        count = sum(len(one.spans) for one in batch)
        if batch and (count + len(shown.spans) > BATCH_SPANS or shown.place != batch[0].place):
            yield batch
            batch = []
        batch.append(shown)
    if batch:
        yield batch


async def _confirmed(store: Store, phoenix: PhoenixClient, batch: Sequence[_Shown], patience: Patience) -> list[_Shown]:
    """Those of a batch that Phoenix shows; one session that it refuses does not hold up the others.

    Raises:
        PhoenixUnavailableError: it took nothing at all, so that it looks broken rather than refusing.
    """
    # decided before anything is sent: spans cannot move, and until then a session's project may still become another
    store.add_mirror_places([shown.key for shown in batch], place=batch[0].place)
    try:
        await _show(phoenix, batch, patience)
    except PhoenixRefusedError as exc:
        if len(batch) > 1:
            return await _one_by_one(store, phoenix, batch, patience)
        _refused(store, batch[0], exc)
        return []
    for shown in batch:
        _record(store, shown)
    return list(batch)


async def _one_by_one(
    store: Store, phoenix: PhoenixClient, batch: Sequence[_Shown], patience: Patience
) -> list[_Shown]:
    done: list[_Shown] = []
    for shown in batch:
        try:
            await _show(phoenix, [shown], patience)
        except PhoenixRefusedError as exc:
            _refused(store, shown, exc)
            if not done and isinstance(exc, (NotKeptError, PhoenixBrokeError)):
                # Perhaps it is not the session; one try of one session is spent on the doubt, not of all.
                raise PhoenixUnavailableError(f"Phoenix takes nothing at the moment: {exc}") from exc
        else:
            _record(store, shown)
            done.append(shown)
    return done


def _record(store: Store, shown: _Shown) -> None:
    store.set_mirrored(
        shown.key, place=shown.place, revision=shown.revision, sequence=shown.sequence, now_ns=time.time_ns()
    )


def _refused(store: Store, shown: _Shown, exc: PhoenixRefusedError) -> None:
    store.add_mirror_refusal(shown.key, place=shown.place, revision=shown.revision, reason=str(exc))


async def _show(phoenix: PhoenixClient, batch: Sequence[_Shown], patience: Patience) -> None:
    """Spans first, for what is annotated must be there; then what we no longer say goes."""
    place = batch[0].place
    await store_spans(phoenix, place, [span for shown in batch for span in shown.spans], patience)
    await phoenix.annotate([one for shown in batch for one in shown.annotations])
    ours = {identifier_of(shown.key): {one.name for one in shown.annotations} for shown in batch}
    ids = [phoenix_session(shown.key) for shown in batch]
    for found in await phoenix.annotations(place, Target.SESSION, ids):
        if found.name not in ours.get(found.identifier, {found.name}):
            for target in (Target.SPAN, Target.SESSION):  # last where it is looked for: a kill between leaves it due
                await phoenix.remove_annotations(place, target, name=found.name, identifier=found.identifier)
