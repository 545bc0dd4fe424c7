"""The gRPC port: the three OTLP Export services, on the same `receive` as HTTP.

Requests are kept as bytes until `receive` decodes them, so a body is parsed once. A shortage is UNAVAILABLE with
the delay in both places where clients look for it; a fault of ours is logged here and told nobody.
"""

import logging
import time
from collections.abc import Awaitable, Callable

import grpc
import grpc.aio
from google.protobuf.duration_pb2 import Duration
from google.rpc.error_details_pb2 import RetryInfo
from google.rpc.status_pb2 import Status

from sidecar import otlp
from sidecar.answers import RETRY_AFTER_S, Answer, answer_to
from sidecar.domain import Intake, TeamId
from sidecar.errors import SidecarError, StoreBusyError
from sidecar.receive import Arrival, Receipt, Receiver

_SERVICES = {
    Intake.TRACES: "opentelemetry.proto.collector.trace.v1.TraceService",
    Intake.LOGS: "opentelemetry.proto.collector.logs.v1.LogsService",
    Intake.METRICS: "opentelemetry.proto.collector.metrics.v1.MetricsService",
}
_CODES = {code.value[0]: code for code in grpc.StatusCode}

_log = logging.getLogger(__name__)


def grpc_server(receiver: Receiver, *, team: TeamId, max_body_bytes: int, max_waiting_bytes: int) -> grpc.aio.Server:
    """A server with the three Export services, not yet bound to a port.

    Args:
        max_waiting_bytes: Bodies held at once by all requests; over it the answer is UNAVAILABLE.
    """
    exports = _Exports(receiver, team=team, max_waiting_bytes=max_waiting_bytes)
    server = grpc.aio.server(options=[("grpc.max_receive_message_length", max_body_bytes), ("grpc.so_reuseport", 0)])
    server.add_generic_rpc_handlers(
        [
            grpc.method_handlers_generic_handler(
                service,
                {"Export": grpc.unary_unary_rpc_method_handler(exports.export(signal))},
            )
            for signal, service in _SERVICES.items()
        ]
    )
    return server


class _Exports:
    """Takes export requests with a limit on all bodies held at once."""

    def __init__(self, receiver: Receiver, *, team: TeamId, max_waiting_bytes: int) -> None:
        self._receiver = receiver
        self._team = team
        self._max_waiting_bytes = max_waiting_bytes
        self._waiting_bytes = 0

    def export(self, signal: Intake) -> Callable[[bytes, "grpc.aio.ServicerContext[bytes, bytes]"], Awaitable[bytes]]:
        """The Export method of one signal."""

        async def export(body: bytes, context: "grpc.aio.ServicerContext[bytes, bytes]") -> bytes:
            try:
                receipt = await self._take(body, signal)
            except Exception as error:  # noqa: BLE001 - the boundary: gRPC itself would tell the client what it was
                if not isinstance(error, SidecarError):
                    _log.exception("export of %s failed", signal.value)
                answer = answer_to(error)
                await context.abort(_CODES[answer.grpc_code], answer.message, _retry_trailers(answer))
            response = otlp.response_message(otlp.Signal(signal.value), receipt.rejected, receipt.warning)
            return response.SerializeToString()

        return export

    async def _take(self, body: bytes, signal: Intake) -> Receipt:
        arrival = Arrival(
            team=self._team,
            intake=signal,
            body=body,
            received_ns=time.time_ns(),
            content_type=otlp.PROTOBUF_CONTENT_TYPE,
        )
        if self._waiting_bytes and self._waiting_bytes + len(body) > self._max_waiting_bytes:
            raise StoreBusyError("too many bytes are waiting to be stored; send again in a second")
        self._waiting_bytes += len(body)
        try:
            return await self._receiver.receive(arrival)
        finally:
            self._waiting_bytes -= len(body)


def _retry_trailers(answer: Answer) -> tuple[tuple[str, bytes], ...]:
    if not answer.is_retryable:
        return ()
    retry = RetryInfo(retry_delay=Duration(seconds=RETRY_AFTER_S))
    status = Status(code=answer.grpc_code, message=answer.message)
    status.details.add().Pack(retry)
    # The Python exporter reads only the first (opentelemetry-exporter-otlp-proto-grpc 1.45), others the standard one.
    return (
        ("google.rpc.retryinfo-bin", retry.SerializeToString()),
        ("grpc-status-details-bin", status.SerializeToString()),
    )
