"""The Message Batches API of the scripted model: create, retrieve, list, cancel, delete, results; hostile when told.

Every batch and every line is made by way of the vendor's own types. A batch ends when it is told to, or at once.
"""

import json
import random
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import cast
from urllib.parse import parse_qs

from anthropic.types.messages import DeletedMessageBatch, MessageBatch, MessageBatchIndividualResponse
from pydantic import BaseModel

from tests.scripted_model.answers import Meter, Script, make_message
from tests.scripted_model.batch_faults import BatchPlan, Said, batches_well, spoiled_body
from tests.scripted_model.faults import STATUSES, Fault, FaultPlan, Status
from tests.scripted_model.request import Asked, BadRequestError, read_asked
from tests.scripted_model.wire import HttpRequest

BATCHES = "/v1/messages/batches"
MOST_REQUESTS = 100_000
_CUSTOM_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_RUNS = timedelta(hours=24)
_ENDINGS = {Fault.TIMEOUT: "expired", Fault.DRIP: "expired", Fault.DROP: "canceled", Fault.PAGE: "canceled"}
"""What becomes in a batch of a fault that needs a line of its own."""
_REJECTED = frozenset({Fault.BAD_REQUEST, Fault.TOO_LARGE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """How the server answers at this moment."""

    script: Script
    plan: FaultPlan
    url: str


@dataclass(slots=True)
class _Begun:
    """One batch."""

    requests: Mapping[str, object]
    """Fields by custom id."""
    created_at: datetime
    lines: list[MessageBatchIndividualResponse] | None = None
    """None until it has ended."""
    is_canceled: bool = False


@dataclass(slots=True)
class BatchDesk:
    """All batches of one key; changed by tests while the server runs."""

    meter: Meter
    plan: BatchPlan = batches_well
    is_there: bool = True
    """False: a gateway without this part of the API."""
    missing_status: int = 404
    """What such a gateway answers."""
    ends_at_once: bool = True
    """False: each batch goes on until `end` is called."""
    acts: list[str] = field(default_factory=list[str])
    begun: dict[str, _Begun] = field(default_factory=dict[str, _Begun])

    def end(self, ways: Ways) -> None:
        """End every batch that is under way."""
        for batch in self.begun.values():
            self._end(batch, ways)

    def said(self, request: HttpRequest, ways: Ways) -> Said | Status:
        """What a request about batches is answered with."""
        if not self.is_there:
            return Status(self.missing_status, "not_found_error", "no such path", {})
        act, name = _act(request)
        self.acts.append(act)
        fault = self.plan(act)
        if isinstance(fault, Fault) and fault in STATUSES:
            return STATUSES[fault]
        try:
            said = self._done(act, name, request, ways)
        except BadRequestError as exc:
            return Status(400, "invalid_request_error", str(exc), {})
        if isinstance(said, Status) or fault is None:
            return said
        return spoiled_body(said, fault)

    def _done(self, act: str, name: str, request: HttpRequest, ways: Ways) -> Said | Status:
        if act == "create":
            return self._create(request, ways)
        if act == "list":
            return self._list(request, ways.url)
        batch = self.begun.get(name)
        if batch is None or act == "unknown":
            return Status(404, "not_found_error", f"batch {name} not found", {})
        if act == "results":
            return self._results(batch)
        if act == "delete":
            if batch.lines is None:
                raise BadRequestError("a batch in progress cannot be deleted; cancel it first")
            del self.begun[name]
            return _dumped(DeletedMessageBatch(id=name, type="message_batch_deleted"))
        if act == "cancel" and batch.lines is None:
            batch.is_canceled = True
            self._end(batch, ways)
        return _dumped(_shown(name, batch, ways.url))

    def _create(self, request: HttpRequest, ways: Ways) -> Said:
        name = f"msgbatch_{len(self.begun) + 1:08d}"
        batch = _Begun(requests=_requests(json.loads(request.body)), created_at=datetime.now(UTC))
        self.begun[name] = batch
        if self.ends_at_once:
            shown = _shown(name, batch, ways.url)  # nothing ends before it has begun
            self._end(batch, ways)
            return _dumped(shown)
        return _dumped(_shown(name, batch, ways.url))

    def _list(self, request: HttpRequest, url: str) -> Said:
        query = parse_qs(request.query)
        limit = int(query.get("limit", ["20"])[0])
        if not 1 <= limit <= 1000:
            raise BadRequestError("limit: Input should be between 1 and 1000")
        newest = [_shown(name, batch, url) for name, batch in reversed(self.begun.items())]
        page = [one.model_dump(mode="json") for one in newest[:limit]]
        ids = [one["id"] for one in page]
        document = {
            "data": page,
            "has_more": len(newest) > limit,
            "first_id": ids[0] if ids else None,
            "last_id": ids[-1] if ids else None,
        }
        return Said(body=json.dumps(document).encode())

    def _results(self, batch: _Begun) -> Said | Status:
        if batch.lines is None:
            return Status(404, "not_found_error", "the results are not there before the batch has ended", {})
        lines = [line.model_dump_json(exclude_none=True).encode() for line in batch.lines]
        return Said(body=b"".join(line + b"\n" for line in lines), kind="application/x-jsonl")

    def _end(self, batch: _Begun, ways: Ways) -> None:
        if batch.lines is not None:
            return
        lines = [
            MessageBatchIndividualResponse.model_validate(
                {"custom_id": name, "result": self._result(fields, ways, is_canceled=batch.is_canceled)}
            )
            for name, fields in batch.requests.items()
        ]
        random.Random(len(lines)).shuffle(lines)
        batch.lines = lines

    def _result(self, fields: object, ways: Ways, *, is_canceled: bool) -> dict[str, object]:
        if is_canceled:
            return {"type": "canceled"}
        try:
            asked = read_asked(fields)
        except BadRequestError as exc:
            return _errored("invalid_request_error", str(exc))
        self.meter.asked.append(asked)
        fault = ways.plan(asked)
        if fault is not None:
            self.meter.faults.append(fault)
        if fault is not None and fault in _ENDINGS:
            return {"type": _ENDINGS[fault]}
        if fault is not None and fault in STATUSES:
            return _errored("invalid_request_error" if fault in _REJECTED else "api_error", STATUSES[fault].message)
        return {"type": "succeeded", "message": _batch_message(asked, ways.script, fault, self.meter)}


def _batch_message(asked: Asked, script: Script, fault: Fault | None, meter: Meter) -> dict[str, object]:
    made = make_message(asked, script, fault, meter).model_dump(mode="json")
    usage = cast("dict[str, object]", made["usage"])
    return {**made, "usage": {**usage, "service_tier": "batch"}}


def _errored(kind: str, message: str) -> dict[str, object]:
    error = {"type": "error", "error": {"type": kind, "message": message}, "request_id": None}
    return {"type": "errored", "error": error}


def _act(request: HttpRequest) -> tuple[str, str]:
    """What a request asks for, and of which batch."""
    name, _, more = request.path.removeprefix(BATCHES).strip("/").partition("/")
    acts = {("POST", False, ""): "create", ("GET", False, ""): "list", ("GET", True, ""): "retrieve"}
    acts |= {("GET", True, "results"): "results", ("POST", True, "cancel"): "cancel", ("DELETE", True, ""): "delete"}
    return acts.get((request.method, bool(name), more), "unknown"), name


def _requests(body: object) -> dict[str, object]:
    requests = cast("dict[str, object]", body).get("requests") if isinstance(body, dict) else None
    if not isinstance(requests, list) or not 1 <= len(cast("list[object]", requests)) <= MOST_REQUESTS:
        raise BadRequestError("requests: List should have at least 1 item and at most 100000 items")
    found: dict[str, object] = {}
    for one in cast("list[dict[str, object]]", requests):
        name = one.get("custom_id")
        if not isinstance(name, str) or not _CUSTOM_ID.fullmatch(name):
            raise BadRequestError("requests: custom_id: String should match pattern '^[a-zA-Z0-9_-]{1,64}$'")
        if name in found:
            raise BadRequestError(f"requests: custom_id {name} is not unique")
        if set(one) != {"custom_id", "params"}:
            raise BadRequestError("requests: each has custom_id and params alone")
        found[name] = one["params"]
    return found


def _shown(name: str, batch: _Begun, url: str) -> MessageBatch:
    kinds = [line.result.type for line in batch.lines or ()]
    counts = {kind: kinds.count(kind) for kind in ("succeeded", "errored", "canceled", "expired")}
    is_ended = batch.lines is not None
    return MessageBatch.model_validate(
        {
            "id": name,
            "type": "message_batch",
            "processing_status": "ended" if is_ended else "in_progress",
            "request_counts": {"processing": 0 if is_ended else len(batch.requests), **counts},
            "created_at": batch.created_at.isoformat(),
            "expires_at": (batch.created_at + _RUNS).isoformat(),
            "ended_at": datetime.now(UTC).isoformat() if is_ended else None,
            "results_url": f"{url}{BATCHES}/{name}/results" if is_ended else None,
        }
    )


def _dumped(model: BaseModel) -> Said:
    return Said(body=model.model_dump_json().encode())
