"""What Phoenix must show of sessions, and whether it does: every span once, everything said once, and nothing else."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import httpx

from sidecar.domain import LOCAL_TEAM, Session, SessionState
from sidecar.phoenix.mapping import phoenix_project, phoenix_session, root_span_ids, session_spans
from sidecar.store import Store

IDS_OF_REQUEST = 100

Rows = list[dict[str, Any]]
Said = tuple[str, str, str]
"""Session or span, name of the annotation, its label."""


@dataclass(slots=True)
class Expected:
    """What must be in Phoenix, by its projects."""

    spans: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    said: dict[str, list[Said]] = field(default_factory=dict[str, list[Said]])

    def add(self, store: Store, sessions: Iterable[Session]) -> None:
        """These sessions as they stand in a store."""
        for session in sessions:
            place = phoenix_project(LOCAL_TEAM, session.project)
            self.spans.setdefault(place, []).extend(span.span_id.hex() for span in session_spans(session, ()))
            self.said.setdefault(place, []).extend(_said_of(store, session))


def settled_sessions(store: Store) -> list[Session]:
    """Every settled session with its steps."""
    found = [store.session(stored.session.key) for stored in store.sessions(LOCAL_TEAM)]
    return [one.session for one in found if one is not None and one.session.state is SessionState.SETTLED]


async def check_shown(url: str, expected: Expected) -> None:
    """Compare what Phoenix lists with what it must."""
    for place, spans in expected.spans.items():
        listed = await _rows(url, place, "spans")
        assert Counter(row["context"]["span_id"] for row in listed) == Counter(spans), place
        sessions = sorted({row["attributes"]["session.id"] for row in listed})
        roots = sorted(row["context"]["span_id"] for row in listed if row["parent_id"] is None)
        said = [*await _said(url, place, "session", sessions), *await _said(url, place, "span", roots)]
        assert Counter(said) == Counter(expected.said[place]), place


def _said_of(store: Store, session: Session) -> list[Said]:
    stored = store.session(session.key)
    assert stored is not None
    said = [("tests", stored.decision.label.value)]
    said += [(f"verdict:{one.judge}", one.lessons[0].failure_class.value) for one in store.verdicts(session.key)]
    targets = [phoenix_session(session.key), *root_span_ids(session)]
    return [(target, name, label) for target in targets for name, label in said]


async def _said(url: str, place: str, target: str, names: list[str]) -> list[Said]:
    """What we said of these; people's own words are theirs."""
    found: Rows = []
    for start in range(0, len(names), IDS_OF_REQUEST):
        query = {f"{target}_ids": names[start : start + IDS_OF_REQUEST]}
        found += await _rows(url, place, f"{target}_annotations", **query)
    ours = [row for row in found if row["annotator_kind"] != "HUMAN"]
    return [(row[f"{target}_id"], row["name"], row["result"]["label"]) for row in ours]


async def _rows(url: str, place: str, what: str, **query: Any) -> Rows:
    """All pages of one listing."""
    found: Rows = []
    cursor: str | None = ""
    async with httpx.AsyncClient(base_url=url, timeout=60) as client:
        while cursor is not None:
            page = {**query, "limit": 1000, **({"cursor": cursor} if cursor else {})}
            answer = (await client.get(f"/v1/projects/{place}/{what}", params=page)).raise_for_status().json()
            found += answer["data"]
            cursor = answer["next_cursor"]
    return found
