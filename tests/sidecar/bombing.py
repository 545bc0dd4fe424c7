"""A process that takes one bomb as a receiver does, and prints what that cost: KiB of memory, seconds of processor.

python -m tests.sidecar.bombing BOMB BYTES
"""

import resource
import sys
import time
from contextlib import suppress

from sidecar import otlp
from sidecar.capture import Reduction
from sidecar.capturing import export_reducer
from sidecar.domain import CaptureLevel
from sidecar.errors import InputError
from sidecar.redact import Redactor
from tests.sidecar.test_otlp_bounds import BOMBS, PROTOBUF


def _take(body: bytes, reducer: otlp.Reducer, redactor: Redactor) -> None:
    message = otlp.decode_request(otlp.Signal.TRACES, body, PROTOBUF)
    otlp.accepted(message)
    redactor.has_secret(reducer.reduced(type(message), body).body)


def _main(bomb: str, size: int) -> None:
    reducer = export_reducer(Reduction(level=CaptureLevel.EVIDENCE, keyed_hash=lambda _: "0" * 16))
    redactor = Redactor(b"k" * 32)
    _take(b"", reducer, redactor)
    body = BOMBS[bomb](size)
    most_kib, began_s = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    with suppress(InputError):
        _take(body, reducer, redactor)
    seconds = time.process_time() - began_s
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - most_kib, seconds)


if __name__ == "__main__":
    _main(sys.argv[1], int(sys.argv[2]))
