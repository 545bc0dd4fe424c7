"""What the gRPC port takes, refuses and answers, asked by real clients."""

import asyncio
import sqlite3
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import closing
from pathlib import Path

import grpc
import grpc.aio
import pytest
from google.rpc.error_details_pb2 import RetryInfo
from google.rpc.status_pb2 import Status
from opentelemetry.exporter.otlp.proto.grpc._log_exporter import OTLPLogExporter as GrpcLogExporter
from opentelemetry.exporter.otlp.proto.grpc.metric_exporter import OTLPMetricExporter as GrpcMetricExporter
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter as GrpcSpanExporter
from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter as HttpLogExporter
from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter as HttpMetricExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter as HttpSpanExporter
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceResponse
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceResponse
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import LogRecordExporter, SimpleLogRecordProcessor
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import MetricExporter, PeriodicExportingMetricReader
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor, SpanExporter

from sidecar.addresses import Address
from sidecar.config import Config, ReceiveConfig
from sidecar.data_dir import DataDir
from sidecar.installation import Installation
from sidecar.serve import running
from tests.sidecar.conftest import Served
from tests.sidecar.requests import TRACE_ID, inbox_rows, log_request, metric_request, trace_json, trace_request

SERVICE = "/opentelemetry.proto.collector.{0}.v1.{1}Service/Export"
TRACES, LOGS, METRICS = (
    SERVICE.format("trace", "Trace"),
    SERVICE.format("logs", "Logs"),
    SERVICE.format("metrics", "Metrics"),
)
PROTOBUF = {"content-type": "application/x-protobuf"}
JSON = {"content-type": "application/json"}


class Client:
    """A channel that sends and gives bytes."""

    def __init__(self, channel: grpc.aio.Channel) -> None:
        self._channel = channel

    async def call(self, method: str, body: bytes, *, compression: grpc.Compression | None = None) -> bytes:
        send: grpc.aio.UnaryUnaryMultiCallable[bytes, bytes] = self._channel.unary_unary(method)
        return await send(body, timeout=30, compression=compression)

    async def refusal(
        self, method: str, body: bytes, compression: grpc.Compression | None = None
    ) -> grpc.aio.AioRpcError:
        """The error that a call must end in."""
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await self.call(method, body, compression=compression)
        return caught.value


@pytest.fixture
async def client(served: Served) -> AsyncGenerator[Client]:
    options = [("grpc.max_send_message_length", -1)]
    async with grpc.aio.insecure_channel(served.grpc_target, options=options) as channel:
        yield Client(channel)


def trailers(error: grpc.aio.AioRpcError) -> dict[str, bytes]:
    return {name: value for name, value in error.trailing_metadata() if isinstance(value, bytes)}


@pytest.mark.parametrize(
    ("method", "body", "response"),
    [
        (TRACES, trace_request("b7ad6b7169203331").SerializeToString(), ExportTraceServiceResponse),
        (LOGS, log_request("claude_code.api_request").SerializeToString(), ExportLogsServiceResponse),
        (METRICS, metric_request("claude_code.token.usage").SerializeToString(), ExportMetricsServiceResponse),
        (TRACES, b"", ExportTraceServiceResponse),
    ],
)
async def test_full_success_leaves_partial_success_unset(
    served: Served, client: Client, method: str, body: bytes, response: type[ExportTraceServiceResponse]
) -> None:
    answer = response.FromString(await client.call(method, body))

    assert not answer.HasField("partial_success")
    assert len(inbox_rows(served.data)) == 1


async def test_invalid_spans_are_counted_and_the_rest_is_kept(served: Served, client: Client) -> None:
    message = trace_request(*(f"b7ad6b71692033{number:02x}" for number in range(10)))
    for span in message.resource_spans[0].scope_spans[0].spans[:3]:
        span.trace_id = b"abc"

    answer = ExportTraceServiceResponse.FromString(await client.call(TRACES, message.SerializeToString()))
    read = await served.client.get(f"/api/traces/{TRACE_ID}")

    assert answer.partial_success.rejected_spans == 3
    assert answer.partial_success.error_message.startswith("3 of 10 spans have no valid ids; send 16-byte trace ids")
    assert len(read.json()["spans"]) == 7


@pytest.mark.parametrize(
    ("body", "compression", "code", "words"),
    [
        pytest.param(b"\xff\xff\xff", None, grpc.StatusCode.INVALID_ARGUMENT, "not a protobuf", id="no protobuf"),
        pytest.param(b"x" * 2_000_001, None, grpc.StatusCode.RESOURCE_EXHAUSTED, "2000000", id="too large"),
        pytest.param(
            b"\0" * 40_000_000,
            grpc.Compression.Gzip,
            grpc.StatusCode.RESOURCE_EXHAUSTED,
            "larger than max",
            id="gzip bomb",
        ),
    ],
)
async def test_what_will_never_be_taken_is_final(
    served: Served, client: Client, body: bytes, compression: grpc.Compression | None, code: grpc.StatusCode, words: str
) -> None:
    error = await client.refusal(TRACES, body, compression)

    assert (error.code(), words in (error.details() or "")) == (code, True), error.details()
    assert "google.rpc.retryinfo-bin" not in trailers(error)
    details = Status.FromString(trailers(error).get("grpc-status-details-bin", b"")).details
    assert not any(detail.Unpack(RetryInfo()) for detail in details)
    assert inbox_rows(served.data) == []


@pytest.mark.parametrize(
    "method",
    ["/opentelemetry.proto.collector.profiles.v1development.ProfilesService/Export", TRACES.replace("Export", "Fetch")],
)
async def test_method_that_is_not_served_is_unimplemented(client: Client, method: str) -> None:
    error = await client.refusal(method, b"")

    assert error.code() is grpc.StatusCode.UNIMPLEMENTED


async def test_gzip_is_taken(served: Served, client: Client) -> None:
    body = trace_request("b7ad6b7169203331", text="ok " * 1000).SerializeToString()

    await client.call(TRACES, body, compression=grpc.Compression.Gzip)

    spans = (await served.client.get(f"/api/traces/{TRACE_ID}")).json()["spans"]
    assert spans == [{"span_id": "b7ad6b7169203331", "name": "work"}]


async def test_hundred_calls_in_flight_are_all_answered_and_kept(served: Served, client: Client) -> None:
    bodies = [trace_request(f"b7ad6b71692033{number:02x}").SerializeToString() for number in range(100)]

    answers = await asyncio.gather(*(client.call(TRACES, body) for body in bodies))

    assert answers == [b""] * 100
    assert len(inbox_rows(served.data)) == 100


async def test_acknowledged_is_committed(served: Served, client: Client) -> None:
    seen: list[int] = []

    for number in range(20):
        await client.call(TRACES, trace_request(f"b7ad6b71692033{number:02x}").SerializeToString())
        seen.append(len(inbox_rows(served.data)))

    assert seen == list(range(1, 21))


async def test_one_body_over_both_protocols_is_one_row(served: Served, client: Client) -> None:
    body = trace_request("b7ad6b7169203331", "b7ad6b7169203332").SerializeToString()

    await client.call(TRACES, body)
    await served.client.post("/v1/traces", content=body, headers=PROTOBUF)
    await served.client.post("/v1/traces", content=body, headers=PROTOBUF | {"content-type": "Application/X-Protobuf"})

    assert len(inbox_rows(served.data)) == 1


async def test_json_and_protobuf_give_the_same_spans(served: Served, client: Client) -> None:
    other = "1" * 32
    span_ids = ("b7ad6b7169203331", "b7ad6b7169203332")

    await client.call(TRACES, trace_request(*span_ids).SerializeToString())
    await served.client.post("/v1/traces", content=trace_json(*span_ids, trace_id=other), headers=JSON)

    by_grpc, by_json = [(await served.client.get(f"/api/traces/{name}")).json() for name in (TRACE_ID, other)]
    assert by_grpc == by_json
    assert len(by_grpc["spans"]) == 2


async def test_locked_inbox_is_a_shortage_that_clients_wait_out(served: Served, client: Client) -> None:
    body = trace_request("b7ad6b7169203331").SerializeToString()
    with closing(sqlite3.connect(served.data / "inbox.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        patient = GrpcSpanExporter(served.grpc_target, insecure=True, timeout=60)  # by itself it gives up after 10 s
        exporting = asyncio.create_task(asyncio.to_thread(export_span, patient))
        error, answer = await asyncio.gather(
            client.refusal(TRACES, body), served.client.post("/v1/traces", content=body, headers=PROTOBUF)
        )
        seen_while_locked = inbox_rows(served.data)
        other.execute("ROLLBACK")
    trace_id, span_id = await exporting
    read = await served.client.get(f"/api/traces/{trace_id}")

    status = Status.FromString(trailers(error)["grpc-status-details-bin"])
    standard, of_python = RetryInfo(), RetryInfo.FromString(trailers(error)["google.rpc.retryinfo-bin"])
    assert status.details[0].Unpack(standard)
    assert (error.code(), status.code) == (grpc.StatusCode.UNAVAILABLE, 14)
    assert [standard.retry_delay.seconds, of_python.retry_delay.seconds] == [1, 1]
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    assert Status.FromString(answer.content).code == 14
    assert seen_while_locked == []
    assert read.json()["spans"] == [{"span_id": span_id, "name": "step"}]


def span_exporters(served: Served) -> list[SpanExporter]:
    return [
        GrpcSpanExporter(endpoint=served.grpc_target, insecure=True),
        GrpcSpanExporter(endpoint=served.grpc_target, insecure=True, compression=grpc.Compression.Gzip),
        HttpSpanExporter(endpoint=f"{served.url}/v1/traces"),
        HttpSpanExporter(endpoint=f"{served.url}/v1/traces", compression=Compression.Gzip),
    ]


async def test_more_bytes_than_may_wait_are_refused_at_once_and_retryable(tmp_path: Path) -> None:
    config, loopback = Config(receive=ReceiveConfig(max_waiting_bytes=1500)), Address(host="127.0.0.1", port=0)
    bodies = [trace_request(span_id, text="x" * 1000).SerializeToString() for span_id in ("1" * 16, "2" * 16)]
    with Installation.open(DataDir.open(tmp_path), config, owner="test") as installation:
        async with (
            running(installation, loopback, loopback) as sidecar,
            grpc.aio.insecure_channel(f"127.0.0.1:{sidecar.grpc_port}") as channel,
        ):
            with closing(sqlite3.connect(tmp_path / "inbox.db", isolation_level=None)) as other:
                other.execute("BEGIN IMMEDIATE")
                calls = [asyncio.create_task(Client(channel).call(TRACES, body)) for body in bodies]
                (refused,), (waiting,) = await asyncio.wait(calls, return_when=asyncio.FIRST_COMPLETED)
                other.execute("ROLLBACK")
            answer = await waiting

    error = refused.exception()
    assert isinstance(error, grpc.aio.AioRpcError)
    assert (error.code(), "google.rpc.retryinfo-bin" in trailers(error)) == (grpc.StatusCode.UNAVAILABLE, True)
    assert answer == b""


def export_span(exporter: SpanExporter) -> tuple[str, str]:
    """Trace id and span id of a span that the SDK made and sent."""
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    with provider.get_tracer("tests").start_as_current_span("step") as span:
        context = span.get_span_context()
    provider.shutdown()
    return f"{context.trace_id:032x}", f"{context.span_id:016x}"


async def test_spans_of_the_sdk_are_read_back_with_their_ids(served: Served) -> None:
    sent = [await asyncio.to_thread(export_span, exporter) for exporter in span_exporters(served)]

    read = [(await served.client.get(f"/api/traces/{trace_id}")).json()["spans"] for trace_id, _ in sent]
    assert read == [[{"span_id": span_id, "name": "step"}] for _, span_id in sent]


@pytest.mark.parametrize("protocol", ["grpc", "http"])
async def test_log_records_of_the_sdk_are_taken(served: Served, protocol: str) -> None:
    exporters: dict[str, Callable[[], LogRecordExporter]] = {
        "grpc": lambda: GrpcLogExporter(endpoint=served.grpc_target, insecure=True),
        "http": lambda: HttpLogExporter(endpoint=f"{served.url}/v1/logs"),
    }

    def send() -> None:
        provider = LoggerProvider(shutdown_on_exit=False)
        provider.add_log_record_processor(SimpleLogRecordProcessor(exporters[protocol]()))
        provider.get_logger("tests").emit(timestamp=time.time_ns(), body="ran the tests")
        provider.shutdown()

    await asyncio.to_thread(send)

    assert [channel for channel, _ in inbox_rows(served.data)] == ["logs"]


@pytest.mark.parametrize("protocol", ["grpc", "http"])
async def test_metrics_of_the_sdk_are_taken(served: Served, protocol: str) -> None:
    exporters: dict[str, Callable[[], MetricExporter]] = {
        "grpc": lambda: GrpcMetricExporter(endpoint=served.grpc_target, insecure=True),
        "http": lambda: HttpMetricExporter(endpoint=f"{served.url}/v1/metrics"),
    }

    def send() -> None:
        reader = PeriodicExportingMetricReader(exporters[protocol](), export_interval_millis=60_000)
        provider = MeterProvider([reader], shutdown_on_exit=False)
        provider.get_meter("tests").create_counter("claude_code.token.usage").add(7)
        provider.force_flush()
        provider.shutdown()

    await asyncio.to_thread(send)

    channels = {channel for channel, _ in inbox_rows(served.data)}
    assert channels == {"metrics"}


async def test_empty_envelope_is_a_success(client: Client) -> None:
    message = ExportTraceServiceRequest()
    message.resource_spans.add()

    assert await client.call(TRACES, message.SerializeToString()) == b""
