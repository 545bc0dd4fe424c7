"""What people noted in Phoenix about our sessions, brought back as feedback.

Read for sessions that Phoenix shows and that were active lately, on the session, its traces and its spans. The same
annotation is one feedback however often it is read; changed words replace the old ones.
"""

from collections.abc import Callable
from dataclasses import dataclass

from sidecar.domain import SessionKey
from sidecar.errors import DamagedError
from sidecar.phoenix.annotating import Target
from sidecar.phoenix.client import FoundAnnotation, PhoenixClient
from sidecar.phoenix.mapping import phoenix_session, session_spans
from sidecar.store import Store

WINDOW_NS = 30 * 86_400 * 1_000_000_000
"""Sessions whose last activity is older are not asked about any more."""
BATCH_SESSIONS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """Where in Phoenix people may have noted something about a session, each place with the session."""

    places: dict[tuple[str, Target], dict[str, SessionKey]]
    """Ids of sessions, traces and spans by Phoenix project and kind."""


async def read_feedback(store: Store, phoenix: PhoenixClient, *, redact: Callable[[str], str], now_ns: int) -> int:
    """Bring HUMAN annotations into the store; gives how many there are, known ones included.

    Raises:
        PhoenixUnavailableError: it does not answer; what was read so far is kept.
    """
    keys = store.mirrored_since(now_ns - WINDOW_NS)
    count = 0
    for start in range(0, len(keys), BATCH_SESSIONS):
        asked = _asked(store, keys[start : start + BATCH_SESSIONS])
        for (project, target), by_id in asked.places.items():
            for found in await phoenix.annotations(project, target, list(by_id)):
                if found.is_human and (words := feedback_words(found)):
                    store.add_feedback(
                        by_id[found.target_id],
                        redact(words),
                        at_ns=found.updated_ns,
                        identifier=f"phoenix:{target}:{found.annotation_id}",
                    )
                    count += 1
    return count


def feedback_words(found: FoundAnnotation) -> str | None:
    """An annotation as a person would say it; None when it says nothing."""
    score = None if found.score is None else f"{found.score:g}"
    verdict = " ".join(word for word in (found.label, score) if word)
    name = "" if found.name == "note" else found.name
    said = ": ".join(word for word in (name, verdict) if word)
    if not (verdict or found.explanation):
        return None
    return "\n".join(word for word in (said, found.explanation) if word)


def _asked(store: Store, keys: list[SessionKey]) -> _Asked:
    places: dict[tuple[str, Target], dict[str, SessionKey]] = {}
    for key in keys:
        try:
            stored, known = store.session(key), store.mirroring(key)
        except DamagedError:
            continue  # the mirror reports it; the others' words must not wait for it
        if stored is None or known is None:
            continue
        spans = session_spans(stored.session, None)
        ids = {
            Target.SESSION: [phoenix_session(key)],
            Target.TRACE: sorted({span.trace_id.hex() for span in spans}),
            Target.SPAN: [span.span_id.hex() for span in spans],
        }
        for target, named in ids.items():
            places.setdefault((known.place, target), {}).update(dict.fromkeys(named, key))
    return _Asked(places=places)
