"""What an error means to a sender, decided once for HTTP and gRPC.

Source: OTLP specification 1.9, "Failures": transient faults must be retryable (503, UNAVAILABLE), bad data must not
be (400, INVALID_ARGUMENT). 503 rather than 429, because older exporters drop at 429.
"""

from dataclasses import dataclass

from sidecar.errors import (
    AmbiguousError,
    ForbiddenError,
    InputError,
    NotFoundError,
    SidecarError,
    StoreError,
    TooLargeError,
    UnknownAgentError,
    UnknownCallerError,
)

RETRY_AFTER_S = 1
"""Exporters give up at once when told to wait longer than what is left of their 10 s."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An error as both protocols say it."""

    http_status: int
    grpc_code: int
    """google.rpc.Code."""
    message: str

    @property
    def is_retryable(self) -> bool:
        """The sender should send the same again."""
        return self.http_status == 503


def answer_to(error: Exception) -> Answer:
    """The answer to an error; anything unforeseen is internal and says nothing of its cause."""
    match error:
        case UnknownCallerError():
            status, code = 401, 16
        case ForbiddenError():
            status, code = 403, 7
        case TooLargeError():
            status, code = 413, 8
        case UnknownAgentError() | NotFoundError():
            status, code = 404, 5
        case AmbiguousError():
            status, code = 409, 9
        case InputError():
            status, code = 400, 3
        case StoreError():
            # not only the busy ones: a full or read-only disk may be mended while the sender still holds the data
            status, code = 503, 14
        case SidecarError():
            status, code = 500, 13
        case _:
            return Answer(http_status=500, grpc_code=13, message="internal error; see the sidecar's log")
    return Answer(http_status=status, grpc_code=code, message=str(error))
