"""The prefilter over serialized requests: it never says no where a string holds a secret, and no to plain telemetry."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from sidecar.redact.members import ANCHORS
from sidecar.redact.scan import positions
from sidecar.redact.sieve import anchor_positions
from tests.sidecar.test_redact import BENIGN, BESIDE_A_KEY_WORD, TOKENS, drawn, redactor

SECRETS = [*TOKENS.values(), *(template.format(drawn(template, 24)) for template in BESIDE_A_KEY_WORD)]


def trace(text: str, *, time_ns: int = 1_790_000_000_123_456_789) -> bytes:
    """One span with `text` as its name and as the second of three attributes."""
    message = ExportTraceServiceRequest()
    span = message.resource_spans.add().scope_spans.add().spans.add()
    span.trace_id, span.span_id, span.name = b"t" * 16, b"s" * 8, text
    span.start_time_unix_nano = time_ns
    for key, value in (("session.id", "s-1"), ("tool.output", text), ("tool_name", "Bash")):
        attribute = span.attributes.add()
        attribute.key, attribute.value.string_value = key, value
    return message.SerializeToString()


def event(text: str) -> bytes:
    """One log record that has `text` as its event name and nowhere else."""
    message = ExportLogsServiceRequest()
    message.resource_logs.add().scope_logs.add().log_records.add().event_name = text
    return message.SerializeToString()


@pytest.mark.parametrize("encode", [trace, event])
@pytest.mark.parametrize("secret", SECRETS)
def test_secret_is_seen_whatever_its_length_makes_of_the_bytes_around_it(
    secret: str, encode: Callable[[str], bytes]
) -> None:
    # the length is written before a string: for many lengths as a letter or digit, which then touches the secret
    bodies = [encode(secret + " " * padding) for padding in range(80)] + [encode("x " * 60 + secret)]

    assert all(redactor().has_secret(body) for body in bodies)


@given(
    secret=st.sampled_from(SECRETS),
    before=st.sampled_from(["", "see ", "a\n", '{"output": "', "$ "]),
    after=st.sampled_from(["", " ", "\n", '"}', "x", "J(", ".", " and so on"]),
    time_ns=st.integers(0, 2**63),
)
def test_what_redaction_changes_is_never_overlooked(secret: str, before: str, after: str, time_ns: int) -> None:
    text = before + secret + after
    is_secret = redactor().redact(text) != text

    assert redactor().has_secret(trace(text, time_ns=time_ns)) >= is_secret


_PIECES = [
    *("password", "api_key", "--password", "requirepass", "DB_PASS", "PASS", "login", "machine", "Authorization"),
    *(" ", "  ", "\t", "=", ": ", "->", "is", "for", "value =", "(", "|", "<string>", "</key>", "<<<", "\\n", "-"),
    *("'", '"', "`", "Xk9!qw7Zp2", "hunter2", "correct-horse-battery-9", "QfT7vLm2Xz9KpR4s", "bob", "\xe9", "3 "),
    *("=", "{ab9XY77kQp}", "\n", "\\", "?", "*", ";", ".", "||", "value"),
]


@given(st.lists(st.sampled_from(_PIECES), min_size=2, max_size=9))
def test_whatever_stands_between_a_key_and_its_value_is_seen(pieces: list[str]) -> None:
    text = "".join(pieces)
    is_secret = redactor().redact(text) != text

    assert redactor().has_secret(trace(text)) >= is_secret


@given(st.lists(st.sampled_from([*ANCHORS, b"_", b"k", b"x", b"to", b"pas"]), max_size=12))
def test_anchors_are_found_wherever_they_stand(parts: list[bytes]) -> None:
    text = b"".join(parts)

    expected = {(at, anchor) for anchor in ANCHORS for at in positions(text, anchor)}
    assert set(anchor_positions(text)) == expected


@pytest.mark.parametrize(
    "text",
    [
        *("ran 12 tests in 0.4 s", "src/shop/cart.py:12: AssertionError", "the token budget and the password rules"),
        *("https://github.com/acme/shop/pull/12", "mkdir -p build && ls -la build", '{"max_tokens": 4096}'),
        *(line for line in BENIGN if line.startswith(("commit", "sha256", "token = ", "def ", "msg_", "--- PASS"))),
    ],
)
def test_plain_telemetry_is_passed_without_a_walk(text: str) -> None:
    assert not redactor().has_secret(trace(text))
