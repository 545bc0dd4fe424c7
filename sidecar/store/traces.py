"""Which traces told of a session: they stand in the keys of its observations."""

import re

from sqlalchemy import Connection, or_, select

from sidecar.domain import SessionKey
from sidecar.store import schema
from sidecar.store.sessions import is_of

_OF_SPAN = re.compile("(?:span|otlp)/([0-9a-f]{32})/")
"""How collectors name the observation that a span gave."""


def trace_of(key: str) -> str | None:
    """Hex id of the trace that an observation of this key came from; None for one that came otherwise."""
    found = _OF_SPAN.match(key)
    return found[1] if found else None


def traces_of(connection: Connection, key: SessionKey) -> list[str]:
    """Hex ids of the session's traces, sorted."""
    table = schema.observations
    is_span = or_(table.c.key.startswith("span/"), table.c.key.startswith("otlp/"))
    keys = connection.scalars(select(table.c.key).where(is_of(table, key), is_span))
    return sorted({trace for name in keys if (trace := trace_of(name))})
