"""The few requests we make of Phoenix, and what its answers mean for whoever asked.

An answer of 200 to spans means received, not kept: ask with `stored_spans`. Annotations are made synchronously, for
Phoenix drops the others silently when their target is not there yet.
"""

from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, TypeVar, cast
from urllib.parse import quote

from sidecar.errors import PhoenixRefusedError, PhoenixUnavailableError
from sidecar.phoenix.annotating import Annotation, Target

if TYPE_CHECKING:
    # 6 MB with all that it imports, for a process that may never speak to a Phoenix
    import httpx

TIMEOUT_S = 60.0
"""Phoenix has one event loop; a read waits behind a hundred spans being written."""
IDS_OF_REQUEST = 200
"""Ids in one address: 6 kB, a tenth of what its server takes; it refuses more than 1,000."""
PAGE = 1000

T = TypeVar("T")
Json = Mapping[str, object]


class PhoenixBrokeError(PhoenixRefusedError):
    """Phoenix failed over what was asked: by fault of the question, or of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundAnnotation:
    """An annotation as Phoenix tells it."""

    target: Target
    target_id: str
    annotation_id: str
    name: str
    identifier: str
    is_human: bool
    label: str | None
    score: float | None
    explanation: str | None
    updated_ns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoenixClient:
    """A connection to one Phoenix.

    Every method raises PhoenixUnavailableError when it is down, overloaded or too slow, and PhoenixRefusedError when
    it will not do it.
    """

    http: "httpx.AsyncClient"

    @classmethod
    @asynccontextmanager
    async def connect(cls, url: str, *, token: str | None = None) -> AsyncGenerator["PhoenixClient"]:
        """A client for the block; nothing is sent yet.

        Args:
            token: API key of a Phoenix that asks for one.
        """
        import httpx  # noqa: PLC0415

        headers = {"authorization": f"Bearer {token}"} if token else {}
        async with httpx.AsyncClient(base_url=url, headers=headers, timeout=TIMEOUT_S, trust_env=False) as http:
            yield cls(http=http)

    async def send_spans(self, body: bytes) -> None:
        """Hand over one OTLP request; it is kept only once stored_spans shows it."""
        # it compares the whole header, so no charset may follow
        await self._ask("POST", "/v1/traces", content=body, headers={"content-type": "application/x-protobuf"})

    async def stored_spans(self, project: str, span_ids: Sequence[str]) -> set[str]:
        """Which of these it shows in the project; none while it does not know the project."""
        found: set[str] = set()
        for ids in _parts(span_ids, IDS_OF_REQUEST):
            query = [*(("span_id", one) for one in ids), ("limit", str(PAGE))]
            answer = await self._ask("GET", f"{_project(project)}/spans", params=query, absent={"data": []})
            found.update(str(_object(span["context"])["span_id"]) for span in _rows(answer))
        return found

    async def annotate(self, annotations: Sequence[Annotation]) -> None:
        """Add these, or replace those of equal name, target and identifier; all of one kind of target or none."""
        for target in Target:
            data = [one.document() for one in annotations if one.target is target]
            if data:
                await self._ask("POST", f"/v1/{target}_annotations", params=[("sync", "true")], json={"data": data})

    async def annotations(self, project: str, target: Target, ids: Sequence[str]) -> list[FoundAnnotation]:
        """Everything noted on these sessions, traces or spans."""
        found: list[FoundAnnotation] = []
        for part in _parts(ids, IDS_OF_REQUEST):
            cursor = ""
            while True:
                query = [*((f"{target}_ids", one) for one in part), ("limit", str(PAGE))]
                query += [("cursor", cursor)] if cursor else []
                answer = await self._ask(
                    "GET", f"{_project(project)}/{target}_annotations", params=query, absent={"data": []}
                )
                found += [_found(target, row) for row in _rows(answer)]
                cursor = str(answer.get("next_cursor") or "")
                if not cursor:
                    break
        return found

    async def remove_annotations(self, project: str, target: Target, *, name: str, identifier: str) -> None:
        """Remove what we said under one name of one session; nothing happens when there is none."""
        query = [("name", name), ("identifier", identifier), ("delete_all", "true")]
        await self._ask("DELETE", f"{_project(project)}/{target}_annotations", params=query, absent={})

    async def projects(self) -> dict[str, str]:
        """Phoenix's projects: name to the id its pages are addressed by."""
        found: dict[str, str] = {}
        cursor = ""
        while True:
            query = [("limit", str(PAGE)), *([("cursor", cursor)] if cursor else [])]
            answer = await self._ask("GET", "/v1/projects", params=query)
            found |= {str(row["name"]): str(row["id"]) for row in _rows(answer)}
            cursor = str(answer.get("next_cursor") or "")
            if not cursor:
                return found

    async def sessions_page(self, project: str, since_ns: int) -> str:
        """Address of the page with a project's sessions since a time; its own default leaves out all but a week."""
        ids = await self.projects()
        if project not in ids:
            raise PhoenixRefusedError(f"Phoenix has no project {project!r}; mirror a session of it first")
        since = datetime.fromtimestamp(since_ns // 1_000_000_000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return f"{str(self.http.base_url).rstrip('/')}/projects/{ids[project]}/sessions?timeRangeStart={since}"

    async def has_session(self, session: str) -> bool:
        """Whether it knows a session of this id, in any project."""
        query = "query ($id: String!) { getProjectSessionById(sessionId: $id) { id } }"
        answer = await self._ask("POST", "/graphql", json={"query": query, "variables": {"id": session}})
        return _object(answer["data"])["getProjectSessionById"] is not None

    async def delete_session(self, session: str) -> None:
        """Delete a session with its traces, spans and annotations; nothing happens when it is not there."""
        # in the body, since an address cannot hold every id
        await self._ask("POST", "/v1/sessions/delete", json={"session_identifiers": [session]})

    async def span_count(self) -> int:
        """How many spans it keeps, all projects together."""
        query = "{ projects { edges { node { recordCount } } } }"
        answer = await self._ask("POST", "/graphql", json={"query": query})
        edges = cast("Sequence[Json]", _object(_object(answer["data"])["projects"])["edges"])
        return sum(int(str(_object(edge["node"])["recordCount"])) for edge in edges)

    async def _ask(
        self,
        method: str,
        path: str,
        *,
        params: Sequence[tuple[str, str]] = (),
        absent: Json | None = None,
        **content: object,
    ) -> Json:
        """The answer's JSON; `absent` where it does not know the place and that is an answer too."""
        import httpx  # noqa: PLC0415

        try:
            answer = await self.http.request(method, path, params=list(params), **content)  # pyright: ignore[reportArgumentType] # httpx's own names
        except httpx.TransportError as exc:
            words = str(exc) or type(exc).__name__
            where = self.http.base_url
            raise PhoenixUnavailableError(f"Phoenix at {where} does not answer ({words}); is it running?") from exc
        if answer.status_code == HTTPStatus.NOT_FOUND and absent is not None:
            return absent
        if answer.status_code == HTTPStatus.INTERNAL_SERVER_ERROR:
            raise PhoenixBrokeError(f"Phoenix answers 500 to {path}: {answer.text[:300]}")
        if answer.status_code >= 500 or answer.status_code == HTTPStatus.TOO_MANY_REQUESTS:
            raise PhoenixUnavailableError(f"Phoenix at {self.http.base_url} answers {answer.status_code} to {path}")
        if answer.status_code >= 400:
            raise PhoenixRefusedError(f"Phoenix answers {answer.status_code} to {path}: {answer.text[:300]}")
        if method == "DELETE" or path == "/v1/traces" or answer.status_code == HTTPStatus.NO_CONTENT:
            return {}
        try:
            return cast("Json", answer.json())
        except ValueError as exc:
            raise PhoenixRefusedError(
                f"{self.http.base_url}: what answers there is not Phoenix; stop that, and start Phoenix anew"
            ) from exc


def _project(name: str) -> str:
    return f"/v1/projects/{quote(name, safe='')}"


def _rows(answer: Json) -> Sequence[Json]:
    if not isinstance(rows := answer.get("data"), list):
        raise PhoenixRefusedError(f"Phoenix answers with {', '.join(answer) or 'nothing'} where data was expected")
    return cast("Sequence[Json]", rows)


def _object(value: object) -> Json:
    return cast("Json", value)


def _found(target: Target, row: Json) -> FoundAnnotation:
    result = _object(row.get("result") or {})
    score = result.get("score")
    return FoundAnnotation(
        target=target,
        target_id=str(row[f"{target}_id"]),
        annotation_id=str(row["id"]),
        name=str(row["name"]),
        identifier=str(row.get("identifier") or ""),
        is_human=row["annotator_kind"] == "HUMAN",
        label=_words(result.get("label")),
        score=float(str(score)) if score is not None else None,
        explanation=_words(result.get("explanation")),
        updated_ns=_nanoseconds(str(row["updated_at"])),
    )


def _words(value: object) -> str | None:
    return str(value) if value else None


def _nanoseconds(stamp: str) -> int:
    at = datetime.fromisoformat(stamp)
    since = (at if at.tzinfo else at.replace(tzinfo=UTC)) - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86_400 + since.seconds) * 1_000_000_000 + since.microseconds * 1_000


def _parts(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    return (items[start : start + size] for start in range(0, len(items), size))
