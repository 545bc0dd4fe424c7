"""Which session a person or a program means by an id."""

from collections.abc import Sequence

from sidecar.domain import SessionId, SessionKey, TeamId
from sidecar.errors import AmbiguousError, NotFoundError
from sidecar.store import Store

_MOST_NAMED = 5
"""Sessions that an error lists."""


def find_session(store: Store, team: TeamId, session_id: str, agent: str | None = None) -> SessionKey:
    """The one session of that whole id: a program has it, and asks about sessions that may not be here yet.

    Raises:
        NotFoundError: there is none.
        AmbiguousError: two agents use the same id and `agent` does not say which.
    """
    stored = store.session_keys(team, SessionId(session_id))
    keys = of_agent(stored, agent)
    if not keys:
        raise NotFoundError(why_none(session_id, stored))
    return _only(keys)


def session_meant(store: Store, team: TeamId, identity: str, agent: str | None = None) -> SessionKey:
    """The one session whose id a person typed, whole or its first characters.

    Raises:
        NotFoundError: there is none.
        AmbiguousError: several ids begin so, or two agents use the same id and `agent` does not say which.
    """
    wanted = identity.strip()
    stored = store.sessions_that_begin(team, wanted)
    found = of_agent(stored, agent)
    keys = [key for key in found if key.session_id == wanted] or found
    if not keys:
        raise NotFoundError(why_none(identity, stored))
    count = len({key.session_id for key in keys})
    if count > 1:
        raise AmbiguousError(
            f"{count} sessions have an id that begins with {wanted[:80]!r}: {named(keys)}; give more of it"
        )
    return _only(keys)


def of_agent(keys: Sequence[SessionKey], agent: str | None) -> list[SessionKey]:
    """Those of an agent by either spelling of its name; all of them where none is named."""
    return [key for key in keys if agent is None or key.agent == agent.replace("-", "_")]


def why_none(session_id: str, stored: Sequence[SessionKey]) -> str:
    """Why no session is meant, and what to do next.

    Args:
        stored: Sessions of that id that other agents have.
    """
    if not stored:
        return f"no session {session_id[:80]!r} is stored; `sidecar status --sessions` lists those that are"
    agents = " and of ".join(sorted({key.agent for key in stored}))
    return f"session {session_id[:80]!r} is of {agents}, and of no other agent; name that with --agent, or leave it out"


def named(keys: Sequence[SessionKey]) -> str:
    """Some sessions by id and agent as a part of a sentence, the rest counted."""
    more = f" and {len(keys) - _MOST_NAMED} more" if len(keys) > _MOST_NAMED else ""
    return f"{', '.join(f'{key.session_id} of {key.agent}' for key in keys[:_MOST_NAMED])}{more}"


def _only(keys: Sequence[SessionKey]) -> SessionKey:
    if len(keys) > 1:
        agents = ", ".join(key.agent for key in keys)
        raise AmbiguousError(
            f"session {keys[0].session_id!r} exists for {agents}; say which with --agent, or agent= over HTTP"
        )
    return keys[0]
