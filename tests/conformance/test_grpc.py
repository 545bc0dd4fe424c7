"""Rows 1 to 24: OTLP over gRPC."""

import asyncio
import sqlite3
from collections.abc import AsyncGenerator
from contextlib import closing

import grpc
import httpx
import pytest
from google.rpc.error_details_pb2 import BadRequest, RetryInfo
from google.rpc.status_pb2 import Status
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceResponse
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceResponse
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)

from sidecar.otlp.counting import MAX_RECORDS
from tests.conformance.conftest import (
    LOGS,
    METRICS,
    TRACES,
    GrpcClient,
    Server,
    Servers,
    grpc_channel,
    spans_of,
    trailers,
)
from tests.conformance.making import MIB, bomb, logs, metrics, new_trace, sized, traces
from tests.conformance.rows import row

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

RETRY_INFO, DETAILS = "google.rpc.retryinfo-bin", "grpc-status-details-bin"


async def stored(server: Server, trace_id: str) -> int:
    """Spans of a trace that are read back."""
    async with httpx.AsyncClient(base_url=server.http, timeout=60) as client:
        return await spans_of(client, trace_id)


@pytest.fixture
async def alone(fresh: Server) -> AsyncGenerator[GrpcClient]:
    async with grpc_channel(fresh.grpc) as channel:
        yield GrpcClient(channel)


@row(1, 2)
@pytest.mark.parametrize("compression", [None, grpc.Compression.NoCompression, grpc.Compression.Gzip])
async def test_plain_and_gzip_are_taken(usual: Server, rpc: GrpcClient, compression: grpc.Compression | None) -> None:
    trace_id = new_trace()

    await rpc.call(TRACES, traces(trace_id, text="ok " * 1000).SerializeToString(), compression)

    assert await stored(usual, trace_id) == 1


@row(3, 6)
async def test_the_limit_holds_after_decompression_and_costs_no_memory(fresh: Server, alone: GrpcClient) -> None:
    before = fresh.rss_bytes()

    error = await alone.refusal(TRACES, b"\0" * (65 * MIB), grpc.Compression.Gzip)

    assert error.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert not {RETRY_INFO, DETAILS} & trailers(error).keys()
    assert fresh.rows() == []
    assert fresh.rss_bytes(is_peak=True) - before < 100 * MIB


@row(4)
async def test_63_mib_are_taken_by_default(fresh: Server, alone: GrpcClient) -> None:
    await alone.call(TRACES, sized(new_trace(), 63 * MIB))

    assert len(fresh.rows()) == 1


@row(5)
async def test_the_limit_can_be_set(servers: Servers) -> None:
    server = servers.start("[receive]\nmax_body_bytes = 1048576")

    async with grpc_channel(server.grpc) as channel:
        error = await GrpcClient(channel).refusal(TRACES, sized(new_trace(), 2 * MIB))

    assert error.code() is grpc.StatusCode.RESOURCE_EXHAUSTED


@row(7)
async def test_a_hundred_calls_in_flight_are_all_answered(usual: Server, rpc: GrpcClient) -> None:
    trace_ids = [new_trace() for _ in range(100)]

    await asyncio.gather(*(rpc.call(TRACES, traces(trace_id).SerializeToString()) for trace_id in trace_ids))

    assert [await stored(usual, trace_id) for trace_id in trace_ids] == [1] * 100


@row(8, 11, 12)
@pytest.mark.parametrize(
    ("method", "body", "response"),
    [
        (TRACES, traces(new_trace()).SerializeToString(), ExportTraceServiceResponse),
        (LOGS, logs().SerializeToString(), ExportLogsServiceResponse),
        (METRICS, metrics().SerializeToString(), ExportMetricsServiceResponse),
        (TRACES, b"", ExportTraceServiceResponse),
        (LOGS, b"", ExportLogsServiceResponse),
        (METRICS, b"", ExportMetricsServiceResponse),
    ],
    ids=["traces", "logs", "metrics", "no traces", "no logs", "no metrics"],
)
async def test_success_is_the_right_message_without_partial_success(
    rpc: GrpcClient, method: str, body: bytes, response: type[ExportTraceServiceResponse]
) -> None:
    answer = response.FromString(await rpc.call(method, body))

    assert not answer.HasField("partial_success")


@row(9, 14)
async def test_as_many_rejected_spans_as_are_taken_have_a_short_answer(rpc: GrpcClient) -> None:
    message = ExportTraceServiceRequest()
    scope = message.resource_spans.add().scope_spans.add()
    for _ in range(MAX_RECORDS):
        scope.spans.add(name="secret words")

    body = await rpc.call(TRACES, message.SerializeToString())

    partial = ExportTraceServiceResponse.FromString(body).partial_success
    assert len(body) < 4 * MIB
    assert partial.rejected_spans == MAX_RECORDS
    assert "16-byte trace ids" in partial.error_message
    assert "secret" not in partial.error_message


@row(10)
async def test_an_answer_that_cannot_fit_is_final(servers: Servers) -> None:
    server = servers.start("[receive]\nmax_response_bytes = 10")
    message = traces(new_trace())
    message.resource_spans[0].scope_spans[0].spans.add(name="without ids")

    async with grpc_channel(server.grpc) as channel:
        error = await GrpcClient(channel).refusal(TRACES, message.SerializeToString())

    assert error.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert RETRY_INFO not in trailers(error)


@row(13)
async def test_rejected_spans_are_counted_exactly_and_the_rest_is_kept(usual: Server, rpc: GrpcClient) -> None:
    trace_id = new_trace()
    message = traces(trace_id, 10)
    for span in message.resource_spans[0].scope_spans[0].spans[:3]:
        span.trace_id = b"abc"

    answer = ExportTraceServiceResponse.FromString(await rpc.call(TRACES, message.SerializeToString()))

    assert answer.partial_success.rejected_spans == 3
    assert await stored(usual, trace_id) == 7


@row(15)
async def test_a_cut_attribute_is_a_warning(usual: Server, rpc: GrpcClient) -> None:
    trace_id = new_trace()
    body = traces(trace_id, text="x" * (2 * MIB)).SerializeToString()

    partial = ExportTraceServiceResponse.FromString(await rpc.call(TRACES, body)).partial_success

    assert partial.rejected_spans == 0
    assert "cut" in partial.error_message
    assert await stored(usual, trace_id) == 1


@row(16, 17, 19, 20)
async def test_what_the_client_should_retry_is_no_partial_success(fresh: Server, alone: GrpcClient) -> None:
    message = traces(new_trace(), 2)
    message.resource_spans[0].scope_spans[0].spans[0].trace_id = b"abc"
    with closing(sqlite3.connect(fresh.data / "inbox.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        error = await alone.refusal(TRACES, message.SerializeToString())
        other.execute("ROLLBACK")

    status = Status.FromString(trailers(error)[DETAILS])
    standard = RetryInfo()
    assert error.code() is grpc.StatusCode.UNAVAILABLE
    assert any(detail.Unpack(standard) for detail in status.details)
    assert 1 <= standard.retry_delay.seconds <= 3
    assert RetryInfo.FromString(trailers(error)[RETRY_INFO]) == standard
    assert fresh.rows() == []


@row(18)
async def test_bad_data_is_invalid_argument_with_its_place(rpc: GrpcClient) -> None:
    error = await rpc.refusal(TRACES, b"\xff\xff\xff")

    status = Status.FromString(trailers(error)[DETAILS])
    assert error.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert any(detail.Unpack(BadRequest()) for detail in status.details)


@row(21, 22)
async def test_overload_is_pushed_back_with_a_short_delay(servers: Servers) -> None:
    server = servers.start("[receive]\nmax_waiting_bytes = 200000")
    bodies = [traces(new_trace(), 60, text="x" * 1000).SerializeToString() for _ in range(60)]

    async with grpc_channel(server.grpc) as channel:
        client = GrpcClient(channel)
        answers = await asyncio.gather(*(client.call(TRACES, body) for body in bodies), return_exceptions=True)

    refused = [answer for answer in answers if isinstance(answer, grpc.aio.AioRpcError)]
    assert refused
    assert {error.code() for error in refused} == {grpc.StatusCode.UNAVAILABLE}
    delays = [RetryInfo.FromString(trailers(error)[RETRY_INFO]).retry_delay.seconds for error in refused]
    assert all(1 <= delay <= 3 for delay in delays)
    assert len(server.rows()) == len(answers) - len(refused)


@row(23)
@pytest.mark.parametrize(
    "method",
    ["/opentelemetry.proto.collector.profiles.v1development.ProfilesService/Export", TRACES.replace("Export", "Fetch")],
)
async def test_what_is_not_served_is_unimplemented(rpc: GrpcClient, method: str) -> None:
    error = await rpc.refusal(method, b"")

    assert error.code() is grpc.StatusCode.UNIMPLEMENTED


@row(24, 64)
async def test_the_ports_are_the_usual_ones() -> None:
    from inspect import signature

    from sidecar.cli.receiving import serve

    defaults = {name: one.default for name, one in signature(serve).parameters.items()}

    assert (defaults["http"], defaults["grpc"]) == ("127.0.0.1:4318", "127.0.0.1:4317")


@row(3)
@pytest.mark.parametrize("size", [256 * MIB, 1024 * MIB])
async def test_a_larger_bomb_is_refused_as_cheaply(fresh: Server, size: int) -> None:
    before = fresh.rss_bytes()

    async with httpx.AsyncClient(base_url=fresh.http, timeout=120) as client:
        headers = {"content-type": "application/x-protobuf", "content-encoding": "gzip"}
        answer = await client.post("/v1/traces", content=bomb(size), headers=headers)

    assert answer.status_code == 413
    assert fresh.rss_bytes(is_peak=True) - before < 100 * MIB
