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

from sidecar import otlp
from sidecar.access import Access
from sidecar.answers import RETRY_AFTER_S, Answer, answer_to
from sidecar.config import ReceiveConfig
from sidecar.domain import AccessScope, Intake, TeamId
from sidecar.errors import SidecarError, StoreBusyError
from sidecar.receive import Arrival, Receipt, Receiver

_SERVICES = {
    Intake.TRACES: "opentelemetry.proto.collector.trace.v1.TraceService",
    Intake.LOGS: "opentelemetry.proto.collector.logs.v1.LogsService",
    Intake.METRICS: "opentelemetry.proto.collector.metrics.v1.MetricsService",
}
_CODES = {code.value[0]: code for code in grpc.StatusCode}

_log = logging.getLogger(__name__)


def grpc_server(receiver: Receiver, *, access: Access, limits: ReceiveConfig) -> grpc.aio.Server:
    """A server with the three Export services, not yet bound to a port.

    Args:
        limits: Of bodies and answers; over that of bodies held at once the answer is UNAVAILABLE.
    """
    exports = _Exports(receiver, access=access, limits=limits)
    server = grpc.aio.server(
        options=[("grpc.max_receive_message_length", limits.max_body_bytes), ("grpc.so_reuseport", 0)]
    )
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

    def __init__(self, receiver: Receiver, *, access: Access, limits: ReceiveConfig) -> None:
        self._receiver = receiver
        self._access = access
        self._max_waiting_bytes = limits.max_waiting_bytes
        self._max_response_bytes = limits.max_response_bytes
        self._waiting_bytes = 0

    def export(self, signal: Intake) -> Callable[[bytes, "grpc.aio.ServicerContext[bytes, bytes]"], Awaitable[bytes]]:
        """The Export method of one signal."""

        async def export(body: bytes, context: "grpc.aio.ServicerContext[bytes, bytes]") -> bytes:
            try:
                caller = await self._access.caller(_authorization(context), AccessScope.INGEST)
                receipt = await self._take(body, signal, caller.team)
            except Exception as error:  # noqa: BLE001 - the boundary: gRPC itself would tell the client what it was
                if not isinstance(error, SidecarError):
                    _log.exception("export of %s failed", signal.value)
                answer = answer_to(error)
                await context.abort(_CODES[answer.grpc_code], answer.message, _trailers(answer))
            response = otlp.response_message(otlp.Signal(signal.value), receipt.rejected, receipt.warning)
            said = response.SerializeToString()
            if len(said) > self._max_response_bytes:
                await context.abort(grpc.StatusCode.RESOURCE_EXHAUSTED, otlp.TOO_LONG_ANSWER)
            return said

        return export

    async def _take(self, body: bytes, signal: Intake, team: TeamId) -> Receipt:
        arrival = Arrival(
            team=team,
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


def _authorization(context: "grpc.aio.ServicerContext[bytes, bytes]") -> str | None:
    for name, value in context.invocation_metadata() or ():
        if name.lower() == "authorization":
            return value if isinstance(value, str) else value.decode("latin-1")
    return None


def _trailers(answer: Answer) -> tuple[tuple[str, bytes], ...]:
    """What programs read beside the message: where data is bad, and when to send again."""
    status = otlp.status_message(answer.grpc_code, answer.message)
    if not answer.is_retryable:
        return (("grpc-status-details-bin", status.SerializeToString()),) if status.details else ()
    retry = RetryInfo(retry_delay=Duration(seconds=RETRY_AFTER_S))
    status.details.add().Pack(retry)
    # The Python exporter reads only the first (opentelemetry-exporter-otlp-proto-grpc 1.45), others the standard one.
    return (
        ("google.rpc.retryinfo-bin", retry.SerializeToString()),
        ("grpc-status-details-bin", status.SerializeToString()),
    )
