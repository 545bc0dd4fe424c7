"""What the HTTP port takes, refuses and answers."""

import gzip
import json

import httpx
import pytest
from google.rpc.status_pb2 import Status
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from sidecar.domain import LOCAL_TEAM, JoinReason, SessionId
from tests.sidecar.conftest import Served

JSON = {"content-type": "application/json"}
PROTOBUF = {"content-type": "application/x-protobuf"}
TRACE_ID = "0af7651916cd43dd8448eb211c80319c"
SPAN: dict[str, object] = {"traceId": TRACE_ID, "spanId": "b7ad6b7169203331", "name": "work", "kind": 1}


def trace_json(*spans: dict[str, object]) -> bytes:
    return json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": spans}]}]}).encode()


def hook(**fields: object) -> bytes:
    base = {
        "session_id": "s-1",
        "hook_event_name": "SessionStart",
        "source": "startup",
        "cwd": "/w",
        "transcript_path": "/t",
    }
    return json.dumps(base | fields).encode()


async def test_span_sent_as_json_is_read_back_with_the_senders_ids(served: Served) -> None:
    sent = await served.client.post("/v1/traces", content=trace_json(SPAN), headers=JSON)

    read = await served.client.get(f"/api/traces/{TRACE_ID.upper()}")

    assert (sent.status_code, sent.json()) == (200, {})
    assert read.json() == {"spans": [{"span_id": "b7ad6b7169203331", "name": "work"}]}


async def test_gzip_protobuf_is_taken_and_answered_in_kind(served: Served) -> None:
    message = ExportTraceServiceRequest()
    span = message.resource_spans.add().scope_spans.add().spans.add()
    span.trace_id, span.span_id, span.name = bytes.fromhex(TRACE_ID), bytes.fromhex("b7ad6b7169203331"), "work"

    answer = await served.client.post(
        "/v1/traces",
        content=gzip.compress(message.SerializeToString()),
        headers=PROTOBUF | {"content-encoding": "gzip"},
    )

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/x-protobuf"
    assert answer.content == b""


async def test_same_bytes_twice_are_one_row(served: Served) -> None:
    first = await served.client.post("/hooks/claude-code", content=hook(), headers=JSON)
    second = await served.client.post("/hooks/claude_code", content=hook(), headers=JSON)

    assert [first.json()["new"], second.json()["new"]] == [True, False]
    assert sum(served.installation.inbox.counts().values()) == 1


async def test_session_appears_under_the_agents_own_id(served: Served) -> None:
    body = {
        "hook": json.loads(hook()),
        "observed_ns": 5,
        "repository": {"remote": "git@github.com:Acme/Shop.git", "head": "a" * 40, "branch": "main"},
        "rules": [{"path": "CLAUDE.md", "sha": "b" * 40}],
    }
    await served.client.post("/hooks/claude_code", json=body)

    session = (await served.client.get("/api/sessions/s-1")).json()

    assert session["id"] == "s-1"
    assert session["agent"] == "claude_code"
    assert session["project"] == "github.com/acme/shop"
    assert session["base_commit"] == "a" * 40
    assert session["state"] == "open"


async def test_outcome_that_comes_before_its_session_is_kept_for_it(served: Served) -> None:
    report = b'<testsuite><testcase classname="a" name="ok"/></testsuite>'
    early = await served.client.post("/outcomes?format=junit&session=s-1", content=report)
    await served.client.post("/hooks/claude_code", content=hook(), headers=JSON)

    await served.client.get("/api/sessions/s-1")
    store = served.installation.store
    (key,) = store.session_keys(LOCAL_TEAM, SessionId("s-1"))

    assert early.status_code == 200
    assert [join.reason for join in store.joins(key)] == [JoinReason.SESSION_ID]


@pytest.mark.parametrize(
    ("target", "body", "headers", "status", "words"),
    [
        ("/hooks/emacs", b"{}", JSON, 404, "known agents: claude_code, cline"),
        ("/hooks/claude_code", b"", JSON, 400, "the body is empty"),
        ("/hooks/claude_code", b"[1]", JSON, 400, "a JSON object was expected"),
        ("/hooks/claude_code", b"{}", {"content-type": "text/plain"}, 415, "application/json"),
        ("/hooks/claude_code", b"{}", JSON | {"content-encoding": "br"}, 400, "Content-Encoding"),
        ("/hooks/claude_code", b"not gzip", JSON | {"content-encoding": "gzip"}, 400, "not valid gzip"),
        ("/hooks/claude_code", b"{}", JSON | {"x-sidecar-observed-ns": "soon"}, 400, "nanoseconds"),
        ("/hooks/claude_code", b"x" * 2_000_001, JSON, 413, "2000000 bytes"),
        (
            "/hooks/claude_code",
            gzip.compress(b" " * 2_000_001),
            JSON | {"content-encoding": "gzip"},
            413,
            "decompressed",
        ),
        ("/transcripts/cline?session=s&part=main&offset=-1", b"x", {}, 400, "offset"),
        ("/transcripts/cline?part=main", b"x", {}, 400, "session= must be 1 to 200"),
        ("/transcripts/cline?session=../../etc", b"x", {}, 400, "session= must be 1 to 200"),
        ("/outcomes?format=junit", b"<testsuite/>", {}, 400, "?session=ID or ?commit=SHA"),
        ("/outcomes?format=junit&session=s", b"<html><body>502</body></html>", {}, 400, "web page (HTML)"),
        ("/outcomes?format=xunit9&session=s", b"<x/>", {}, 400, "xunit9"),
        ("/nowhere", b"", {}, 404, "is not served here: not found"),
    ],
)
async def test_wrong_input_gets_a_sentence(
    served: Served, target: str, body: bytes, headers: dict[str, str], status: int, words: str
) -> None:
    answer = await served.client.post(target, content=body, headers=headers)

    assert (answer.status_code, words in answer.json()["error"]) == (status, True), answer.text
    assert sum(served.installation.inbox.counts().values()) == 0


@pytest.mark.parametrize(
    ("method", "body", "headers", "status", "code"),
    [
        ("POST", b"\xff\xff\xff", PROTOBUF, 400, 3),
        ("POST", b"x" * 2_000_001, PROTOBUF, 413, 8),
        ("POST", b"{}", {"content-type": "text/plain"}, 415, 3),
        ("GET", b"", PROTOBUF, 405, 12),
    ],
)
async def test_otlp_failure_is_a_status_message(
    served: Served, method: str, body: bytes, headers: dict[str, str], status: int, code: int
) -> None:
    answer = await served.client.request(method, "/v1/traces", content=body, headers=headers)

    said = Status.FromString(answer.content)
    assert (answer.status_code, said.code) == (status, code)
    assert said.message


async def test_invalid_spans_are_counted_and_the_rest_is_kept(served: Served) -> None:
    good, bad = SPAN, SPAN | {"traceId": "0" * 32}

    answer = await served.client.post("/v1/traces", content=trace_json(good, bad), headers=JSON)

    assert answer.json()["partialSuccess"]["rejectedSpans"] == "1"
    assert len((await served.client.get(f"/api/traces/{TRACE_ID}")).json()["spans"]) == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "evil.example"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
    ],
)
async def test_what_a_foreign_page_could_send_is_refused(served: Served, headers: dict[str, str]) -> None:
    answer = await served.client.post("/hooks/claude_code", content=hook(), headers=JSON | headers)

    assert answer.status_code == 403
    assert sum(served.installation.inbox.counts().values()) == 0


async def test_unknown_session_is_404_with_a_sentence(served: Served) -> None:
    answer = await served.client.get("/api/sessions/none")

    assert answer.status_code == 404
    assert "no session 'none' is stored" in answer.json()["error"]


async def test_same_id_of_two_agents_must_be_told_apart(served: Served) -> None:
    await served.client.post("/hooks/claude_code", content=hook(), headers=JSON)
    cline = {"hookName": "agent_start", "taskId": "t", "sessionContext": {"rootSessionId": "s-1"}, "taskStart": {}}
    await served.client.post("/hooks/cline", json=cline)

    vague = await served.client.get("/api/sessions/s-1")
    exact = await served.client.get("/api/sessions/s-1?agent=cline")

    assert vague.status_code == 409
    assert exact.json()["agent"] == "cline"


async def test_health_and_readiness_answer(served: Served) -> None:
    health = await served.client.get("/healthz")
    ready = await served.client.get("/readyz")

    assert (health.status_code, ready.status_code) == (200, 200)
    assert ready.json()["unscannable"] == 0
    assert httpx.URL(served.url).port


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
async def test_exports_are_taken_by_post_alone(served: Served, method: str) -> None:
    answer = await served.client.request(method, "/v1/traces", headers=PROTOBUF)

    assert answer.status_code == 405
    assert Status.FromString(answer.content).message.startswith(f"{method} /v1/traces is not served here")
