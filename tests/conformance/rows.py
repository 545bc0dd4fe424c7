"""What the OTLP specification (1.9) asks of a server, one row each; tests are marked with the rows they prove.

M is a MUST, S a SHOULD, D follows from them.
"""

from collections.abc import Mapping

import pytest

ROWS: Mapping[int, str] = {
    1: "M gRPC and HTTP take requests without compression",
    2: "M both take gzip",
    3: "M gRPC bounds a message, also after decompression",
    4: "S gRPC takes 64 MiB by default",
    5: "S the bound can be set",
    6: "M over it: RESOURCE_EXHAUSTED, not to be retried",
    7: "D a hundred calls in flight on one channel",
    8: "M gRPC answers with the signal's own message",
    9: "M gRPC bounds its answer",
    10: "M an answer that cannot fit is RESOURCE_EXHAUSTED, not to be retried",
    11: "S an empty request is a success",
    12: "M partial_success is unset on success",
    13: "M partial success has the exact count",
    14: "S its message is English, with guidance and without the payload",
    15: "M a warning is a partial success that rejects nothing",
    16: "D what should be retried is no partial success",
    17: "S what should be retried is UNAVAILABLE",
    18: "S bad data is INVALID_ARGUMENT with BadRequest",
    19: "D passing faults are never UNKNOWN or INTERNAL",
    20: "S RetryInfo tells what may be retried",
    21: "S pushing back is UNAVAILABLE",
    22: "S the delay fits the recovery; exporters give up beyond a few seconds",
    23: "D what is not served is UNIMPLEMENTED",
    24: "S gRPC listens on 4317",
    25: "D HTTP serves POST only",
    26: "D a chunked body is taken",
    27: "M protobuf is answered in protobuf",
    28: "M ids in JSON are hex in any case",
    29: "D base64 ids are refused",
    30: "M enums in JSON are numbers only",
    31: "M unknown members are ignored",
    32: "D members in snake_case are unknown",
    33: "S 64-bit numbers as text or number",
    34: "D bytes in base64, NaN as text",
    35: "M JSON is answered in JSON, `{}` on success",
    36: "S the three paths; profiles are a clean 404",
    37: "M gzip over HTTP, of several members too",
    38: "D an unknown encoding is refused with a Status",
    39: "M HTTP bounds a body, also after decompression",
    40: "M over it: 413",
    41: "S HTTP takes 64 MiB by default, and that can be set",
    42: "D the bound holds without a length",
    43: "M HTTP answers with the signal's own message",
    44: "M an answer that cannot fit is 500",
    45: "M the answer's Content-Type is the request's",
    46: "D an answer is packed only for who asks",
    47: "M success is 200",
    48: "S an empty request is 200",
    49: "M partial_success is unset on success",
    50: "M 200 with the exact count of a partial success",
    51: "M a warning over HTTP",
    52: "M every failure is 4xx or 5xx",
    53: "M with a Status",
    54: "S whose message is for developers, without payload or stack",
    55: "S only 429, 502, 503, 504 for what should be retried",
    56: "M passing faults are never 400 or 500, lasting ones never 503",
    57: "M bad data is 400",
    58: "S with BadRequest",
    59: "S 503 with Retry-After in whole seconds",
    60: "D of a request that was cut off nothing or all is stored",
    61: "D connections are kept alive",
    62: "S protobuf and JSON on one port",
    63: "D two hundred connections",
    64: "S HTTP listens on 4318",
    65: "MAY envelopes without records",
    66: "D a batch that is sent again counts once",
    67: "M unknown fields and values of later versions",
    68: "D the wire of older SDKs",
}


def row(*numbers: int) -> pytest.MarkDecorator:
    """Marks a test with the rows that it proves."""
    return pytest.mark.otlp_row(numbers)
