"""Rows 25 to 68: OTLP over HTTP."""

import asyncio
import gzip
import json
import os
import random
import secrets
import socket
import sqlite3
import struct
from collections.abc import AsyncGenerator, Callable
from contextlib import closing
from urllib.parse import urlsplit

import httpx
import pytest
from google.rpc.error_details_pb2 import BadRequest
from google.rpc.status_pb2 import Status
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceResponse
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceResponse
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)

from tests.conformance.conftest import GZIP, JSON, PROTOBUF, Server, Servers, spans_of
from tests.conformance.making import MIB, bomb, logs, metrics, new_trace, sized, traces
from tests.conformance.rows import row

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

SIGNALS = (
    ("/v1/traces", traces(new_trace()).SerializeToString(), ExportTraceServiceResponse),
    ("/v1/logs", logs().SerializeToString(), ExportLogsServiceResponse),
    ("/v1/metrics", metrics().SerializeToString(), ExportMetricsServiceResponse),
)


def trace_json(trace_id: str, **span: object) -> bytes:
    """One span in OTLP's JSON."""
    one = {"traceId": trace_id, "spanId": "b7ad6b7169203331", "name": "work", "kind": 1} | span
    return json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": [one]}]}]}).encode()


async def raw(server: Server, *pieces: bytes) -> bytes:
    """What a server answers to bytes on a socket, until it closes or has nothing more to say."""
    place = urlsplit(server.http)
    reader, writer = await asyncio.open_connection(place.hostname, place.port)
    for piece in pieces:
        writer.write(piece)
        await writer.drain()
    answer = b""
    try:
        while piece := await asyncio.wait_for(reader.read(65536), 5):
            answer += piece
    except TimeoutError:
        pass
    writer.close()
    return answer


@row(25, 53)
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "HEAD"])
async def test_only_post_is_served(http: httpx.AsyncClient, method: str) -> None:
    answer = await http.request(method, "/v1/traces", headers=PROTOBUF)

    assert answer.status_code == 405
    assert method == "HEAD" or Status.FromString(answer.content).message


@row(26)
async def test_a_chunked_body_is_taken(usual: Server, http: httpx.AsyncClient) -> None:
    trace_id = new_trace()
    body = traces(trace_id, 3).SerializeToString()

    async def pieces() -> AsyncGenerator[bytes]:
        for at in range(0, len(body), 10):
            yield body[at : at + 10]

    answer = await http.post("/v1/traces", content=pieces(), headers=PROTOBUF)

    assert answer.status_code == 200
    assert await spans_of(http, trace_id) == 3


@row(27, 43, 47, 49)
@pytest.mark.parametrize(("path", "body", "response"), SIGNALS, ids=["traces", "logs", "metrics"])
async def test_protobuf_is_answered_by_the_right_message(
    http: httpx.AsyncClient, path: str, body: bytes, response: type[ExportTraceServiceResponse]
) -> None:
    answer = await http.post(path, content=body, headers=PROTOBUF)

    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/x-protobuf")
    assert not response.FromString(answer.content).HasField("partial_success")


@row(28)
@pytest.mark.parametrize("change", [str.lower, str.upper, str.title])
async def test_ids_are_hex_in_any_case(http: httpx.AsyncClient, change: Callable[[str], str]) -> None:
    trace_id = new_trace()

    answer = await http.post("/v1/traces", content=trace_json(change(trace_id)), headers=JSON)

    assert answer.status_code == 200
    assert await spans_of(http, trace_id) == 1


@row(29, 30)
@pytest.mark.parametrize(
    "body",
    [
        trace_json("AAAAAAAAAAAAAAAAAAAAAA=="),
        trace_json(new_trace(), kind="SPAN_KIND_SERVER"),
        trace_json(new_trace(), status={"code": "STATUS_CODE_OK"}),
    ],
    ids=["base64 id", "name of a kind", "name of a status"],
)
async def test_json_that_is_not_otlp_s_is_refused(http: httpx.AsyncClient, body: bytes) -> None:
    answer = await http.post("/v1/traces", content=body, headers=JSON)

    assert answer.status_code == 400


@row(31, 32)
async def test_unknown_and_snake_case_members_are_ignored(http: httpx.AsyncClient) -> None:
    trace_id = new_trace()
    body = json.loads(trace_json(trace_id, start_time_unix_nano="5", unheard={"of": [1]}))
    body["unheard"] = body["resourceSpans"][0]["unheard"] = body["resourceSpans"][0]["scopeSpans"][0]["unheard"] = 1

    answer = await http.post("/v1/traces", content=json.dumps(body), headers=JSON)

    assert (answer.status_code, answer.json()) == (200, {})
    assert await spans_of(http, trace_id) == 1


@row(33, 34)
async def test_numbers_and_bytes_in_json_are_those_of_protobuf(http: httpx.AsyncClient, usual: Server) -> None:
    attributes = [
        {"key": "text", "value": {"bytesValue": "AAH/"}},
        {"key": "nan", "value": {"doubleValue": "NaN"}},
        {"key": "large", "value": {"intValue": "9007199254740993"}},
        {"key": "number", "value": {"intValue": 5}},
    ]
    body = trace_json(
        new_trace(), startTimeUnixNano="1700000000000000001", endTimeUnixNano=1700000000, attributes=attributes
    )
    before = len(usual.rows())

    answers = [await http.post("/v1/traces", content=body, headers=JSON) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert len(usual.rows()) == before + 1


@row(35, 45)
async def test_json_is_answered_in_json(http: httpx.AsyncClient) -> None:
    good = await http.post("/v1/traces", content=trace_json(new_trace()), headers=JSON)
    bad = await http.post("/v1/traces", content=b"{", headers=JSON)

    assert (good.headers["content-type"], good.json()) == ("application/json", {})
    assert bad.headers["content-type"] == "application/json"
    assert bad.json()["message"]


@row(36)
async def test_profiles_are_a_clean_404(http: httpx.AsyncClient) -> None:
    answer = await http.post("/v1development/profiles", content=b"", headers=PROTOBUF)

    assert answer.status_code == 404


@row(37)
@pytest.mark.parametrize("members", [1, 3])
async def test_gzip_is_taken_in_one_or_more_members(http: httpx.AsyncClient, members: int) -> None:
    trace_id = new_trace()
    body = traces(trace_id, 9).SerializeToString()
    cut = -(-len(body) // members)
    packed = b"".join(gzip.compress(body[at : at + cut]) for at in range(0, len(body), cut))

    answer = await http.post("/v1/traces", content=packed, headers=PROTOBUF | GZIP)

    assert answer.status_code == 200
    assert await spans_of(http, trace_id) == 9


@row(38, 53)
async def test_an_unknown_encoding_is_refused_with_a_status(http: httpx.AsyncClient) -> None:
    answer = await http.post("/v1/traces", content=b"x", headers=PROTOBUF | {"content-encoding": "br"})

    assert answer.status_code in (400, 415)
    assert Status.FromString(answer.content).message


@row(39, 40)
@pytest.mark.parametrize("size", [65 * MIB, 1024 * MIB])
async def test_a_body_over_the_limit_is_413_and_cheap(fresh: Server, size: int) -> None:
    before = fresh.rss_bytes()

    async with httpx.AsyncClient(base_url=fresh.http, timeout=120) as client:
        answer = await client.post("/v1/traces", content=bomb(size), headers=PROTOBUF | GZIP)

    assert answer.status_code == 413
    assert Status.FromString(answer.content).message
    assert fresh.rss_bytes(is_peak=True) - before < 100 * MIB
    assert fresh.rows() == []


@row(41)
async def test_63_mib_are_taken_by_default(fresh: Server) -> None:
    async with httpx.AsyncClient(base_url=fresh.http, timeout=120) as client:
        answer = await client.post("/v1/traces", content=sized(new_trace(), 63 * MIB), headers=PROTOBUF)

    assert answer.status_code == 200


@row(5, 41)
async def test_the_limit_can_be_set(servers: Servers) -> None:
    server = servers.start("[receive]\nmax_body_bytes = 1048576")

    async with httpx.AsyncClient(base_url=server.http, timeout=60) as client:
        answer = await client.post("/v1/traces", content=sized(new_trace(), 2 * MIB), headers=PROTOBUF)

    assert answer.status_code == 413


@row(42)
async def test_the_limit_holds_without_a_length(fresh: Server) -> None:
    before = fresh.rss_bytes()
    head = b"POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-protobuf\r\n"
    piece = b"%x\r\n%s\r\n" % (MIB, b"x" * MIB)

    answer = await raw_until_answer(fresh, head + b"Transfer-Encoding: chunked\r\n\r\n", piece, most=80)

    assert b" 413 " in answer.split(b"\r\n")[0]
    assert fresh.rss_bytes(is_peak=True) - before < 150 * MIB


async def raw_until_answer(server: Server, head: bytes, piece: bytes, *, most: int) -> bytes:
    """Send pieces until the server answers; what it said."""
    place = urlsplit(server.http)
    reader, writer = await asyncio.open_connection(place.hostname, place.port)
    writer.write(head)
    answering = asyncio.create_task(reader.read(65536))
    for _ in range(most):
        if answering.done():
            break
        try:
            writer.write(piece)
            await writer.drain()
        except ConnectionError:
            break
    answer = await asyncio.wait_for(answering, 20)
    writer.close()
    return answer


@row(44)
async def test_an_answer_that_cannot_fit_is_500(servers: Servers) -> None:
    server = servers.start("[receive]\nmax_response_bytes = 10")
    message = traces(new_trace())
    message.resource_spans[0].scope_spans[0].spans.add(name="without ids")

    async with httpx.AsyncClient(base_url=server.http, timeout=60) as client:
        answer = await client.post("/v1/traces", content=message.SerializeToString(), headers=PROTOBUF)

    assert answer.status_code == 500


@row(45, 52, 53, 54)
@pytest.mark.parametrize("kind", [PROTOBUF, JSON], ids=["protobuf", "json"])
@pytest.mark.parametrize(
    ("path", "body", "headers", "status"),
    [
        ("/v1/traces", b"\xff{secret-in-body", {}, 400),
        ("/v1/traces", b"x", {"content-encoding": "br"}, 400),
        ("/v1/nothing", b"", {}, 404),
        ("/v1/traces", b"x" * (65 * MIB), {}, 413),
        ("/v1/traces", b"x", {"host": "evil.example"}, 403),
        ("/v1/traces", b"x", {"authorization": "Bearer sidecar_00000000_" + "x" * 43}, 401),
    ],
)
async def test_every_failure_is_a_status_in_the_request_s_encoding(
    http: httpx.AsyncClient, kind: dict[str, str], path: str, body: bytes, headers: dict[str, str], status: int
) -> None:
    answer = await http.post(path, content=body, headers=kind | headers)

    assert (answer.status_code, answer.headers["content-type"]) == (status, kind["content-type"])
    message = answer.json()["message"] if kind is JSON else Status.FromString(answer.content).message
    assert message
    assert "secret-in-body" not in message
    assert "Traceback" not in message


@row(46)
async def test_an_answer_is_packed_only_for_who_asks(http: httpx.AsyncClient) -> None:
    headers = JSON | {"accept-encoding": "identity"}

    answer = await http.post("/v1/traces", content=trace_json(new_trace()), headers=headers)

    assert "content-encoding" not in answer.headers


@row(48, 65)
@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b"", PROTOBUF),
        (b"{}", JSON),
        (b'{"resourceSpans": []}', JSON),
        (b'{"resourceSpans": [{"resource": {}, "scopeSpans": []}]}', JSON),
    ],
)
async def test_an_empty_request_is_a_success(http: httpx.AsyncClient, body: bytes, headers: dict[str, str]) -> None:
    answer = await http.post("/v1/traces", content=body, headers=headers)

    assert answer.status_code == 200


@row(50, 51)
async def test_partial_success_counts_exactly_and_warns(http: httpx.AsyncClient) -> None:
    trace_id = new_trace()
    message = traces(trace_id, 10)
    for span in message.resource_spans[0].scope_spans[0].spans[:3]:
        span.trace_id = b"abc"
    long = traces(new_trace(), text="x" * (2 * MIB))

    rejected = await http.post("/v1/traces", content=message.SerializeToString(), headers=PROTOBUF)
    warned = await http.post("/v1/traces", content=long.SerializeToString(), headers=PROTOBUF)

    assert (rejected.status_code, warned.status_code) == (200, 200)
    assert ExportTraceServiceResponse.FromString(rejected.content).partial_success.rejected_spans == 3
    warning = ExportTraceServiceResponse.FromString(warned.content).partial_success
    assert (warning.rejected_spans, "cut" in warning.error_message) == (0, True)
    assert await spans_of(http, trace_id) == 7


@row(55, 56, 59)
async def test_a_shortage_is_503_with_a_short_wait(fresh: Server) -> None:
    body = traces(new_trace()).SerializeToString()
    with closing(sqlite3.connect(fresh.data / "inbox.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        async with httpx.AsyncClient(base_url=fresh.http, timeout=60) as client:
            refused = await client.post("/v1/traces", content=body, headers=PROTOBUF)
            other.execute("ROLLBACK")
            taken = await client.post("/v1/traces", content=body, headers=PROTOBUF)

    assert (refused.status_code, taken.status_code) == (503, 200)
    assert 1 <= int(refused.headers["retry-after"]) <= 3


@row(57, 58)
async def test_bad_data_is_400_and_says_where(http: httpx.AsyncClient) -> None:
    drawn = random.Random(7)
    good = traces(new_trace(), 5).SerializeToString()
    statuses: set[int] = set()
    for _ in range(2000):
        body = bytearray(good)
        for _ in range(drawn.randint(1, 8)):
            body[drawn.randrange(len(body))] = drawn.randrange(256)
        answer = await http.post("/v1/traces", content=bytes(body[: drawn.randint(1, len(body))]), headers=PROTOBUF)
        statuses.add(answer.status_code)
    refused = await http.post("/v1/traces", content=b"\xff\xff", headers=PROTOBUF)

    assert statuses <= {200, 400}
    details = Status.FromString(refused.content).details
    assert any(detail.Unpack(BadRequest()) for detail in details)


@row(60)
async def test_of_a_request_that_was_cut_off_nothing_is_stored(fresh: Server) -> None:
    body = traces(new_trace(), 40, text=secrets.token_hex(200)).SerializeToString()
    head = (
        "POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-protobuf\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    place = urlsplit(fresh.http)

    for cut in range(0, len(body), 1024):
        with socket.create_connection((place.hostname or "", place.port or 0)) as connection:
            connection.sendall(head.encode() + body[:cut])
            # a reset, not an orderly end
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    async with httpx.AsyncClient(base_url=fresh.http, timeout=60) as client:
        await client.post("/v1/traces", content=body, headers=PROTOBUF)

    assert len(fresh.rows()) == 1


@row(61)
async def test_one_connection_takes_a_thousand_requests(usual: Server) -> None:
    trace_id = new_trace()
    limits = httpx.Limits(max_connections=1, max_keepalive_connections=1)
    async with httpx.AsyncClient(base_url=usual.http, timeout=60, limits=limits) as client:
        answers = [
            await client.post("/v1/traces", content=trace_json(trace_id, spanId=f"{n:016x}"), headers=JSON)
            for n in range(1, 1001)
        ]
        assert {answer.status_code for answer in answers} == {200}
        assert await spans_of(client, trace_id) == 1000


@row(62)
async def test_both_encodings_on_one_port_with_parameters(http: httpx.AsyncClient) -> None:
    trace_id = new_trace()
    kinds = ("application/json; charset=utf-8", "APPLICATION/JSON")

    answers = [
        await http.post("/v1/traces", content=trace_json(trace_id, spanId=f"{n:016x}"), headers={"content-type": kind})
        for n, kind in enumerate(kinds, 1)
    ]
    answers.append(await http.post("/v1/traces", content=traces(trace_id, 1).SerializeToString(), headers=PROTOBUF))

    assert [answer.status_code for answer in answers] == [200, 200, 200]


@row(63)
async def test_two_hundred_connections_are_served(usual: Server) -> None:
    trace_id = new_trace()

    async def send(number: int) -> int:
        async with httpx.AsyncClient(base_url=usual.http, timeout=60) as client:
            body = trace_json(trace_id, spanId=f"{number:016x}")
            return (await client.post("/v1/traces", content=body, headers=JSON)).status_code

    statuses = await asyncio.gather(*(send(number) for number in range(1, 201)))

    assert statuses == [200] * 200


@row(66)
async def test_a_batch_that_is_sent_again_counts_once(http: httpx.AsyncClient, usual: Server) -> None:
    body = traces(new_trace(), 5).SerializeToString()
    before = len(usual.rows())

    for _ in range(3):
        await http.post("/v1/traces", content=body, headers=PROTOBUF)

    assert len(usual.rows()) == before + 1


@row(67)
async def test_fields_and_values_of_a_later_version_are_no_error(http: httpx.AsyncClient) -> None:
    trace_id = new_trace()
    message = traces(trace_id)
    span = message.resource_spans[0].scope_spans[0].spans[0]
    # field 900, a string; field 2047, a number
    span.MergeFromString(b"\xa2\x38\x03new" + b"\xf8\x7f\x05")
    body = message.SerializeToString()
    span.status.code = 99  # pyright: ignore[reportAttributeAccessIssue] # a value that this version does not know

    answers = [
        await http.post("/v1/traces", content=one, headers=PROTOBUF) for one in (body, message.SerializeToString())
    ]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert await spans_of(http, trace_id) == 1


@row(68)
async def test_old_wire_without_flags_and_with_deprecated_fields_is_taken(http: httpx.AsyncClient) -> None:
    trace_id = new_trace()
    message = ExportTraceServiceRequest()
    group = message.resource_spans.add()
    # field 1000 of ResourceSpans: instrumentation_library_spans of OTLP before 1.0
    group.MergeFromString(b"\xc2\x3e\x02\x0a\x00")
    group.scope_spans.add().spans.add(trace_id=bytes.fromhex(trace_id), span_id=os.urandom(8), name="old")

    answer = await http.post("/v1/traces", content=message.SerializeToString(), headers=PROTOBUF)

    assert answer.status_code == 200
    assert await spans_of(http, trace_id) == 1
