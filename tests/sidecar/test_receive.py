"""What is taken into the inbox and in which form: limits, repetition, times, and no secret in any byte written."""

import asyncio
import gzip
import io
import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import orjson
import pytest

from sidecar.config import CaptureConfig, Config, ReceiveConfig
from sidecar.data_dir import DataDir
from sidecar.decompression import decompress
from sidecar.domain import LOCAL_TEAM, CaptureLevel, Intake
from sidecar.errors import DecodeError, InputError, TooLargeError, UnknownAgentError, UnknownFormatError
from sidecar.installation import Installation
from sidecar.receive import Arrival, Receipt
from sidecar.store import InboxRow
from tests.recordings.planted import ANTHROPIC_KEY, ENV_FILE, PLANTED_SECRETS
from tests.sidecar.requests import log_request, trace_json, trace_request

NOW_NS = 1_795_404_254_000_000_000
SPAN_ID = "b7ad6b7169203331"
BODY = trace_request(SPAN_ID).SerializeToString()
PROTOBUF = "application/x-protobuf"


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    # as sent; what each capture level keeps has tests of its own
    config = Config(receive=ReceiveConfig(max_body_bytes=100_000), capture=CaptureConfig(level=CaptureLevel.FULL))
    with Installation.open(DataDir.open(tmp_path / "data"), config, owner="test") as opened:
        yield opened


def receive(installation: Installation, *arrivals: Arrival) -> list[Receipt]:
    receiver = installation.receiver()

    async def one_by_one() -> list[Receipt]:
        return [await receiver.receive(arrival) for arrival in arrivals]

    return asyncio.run(one_by_one())


def rows(installation: Installation) -> list[InboxRow]:
    return installation.inbox.claim(owner="reader", now_ns=NOW_NS, lease_ns=1, limit=1000)


def hook(body: object, *, at_ns: int = NOW_NS, observed_ns: int | None = None, agent: str = "claude_code") -> Arrival:
    sent = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Arrival(
        team=LOCAL_TEAM, intake=Intake.HOOK, body=sent, received_ns=at_ns, agent=agent, observed_ns=observed_ns
    )


def transcript(body: bytes, **parameters: str) -> Arrival:
    given = {"session": "s-1", "part": "main", "offset": "0"} | parameters
    return Arrival(
        team=LOCAL_TEAM, intake=Intake.TRANSCRIPT, body=body, received_ns=NOW_NS, agent="cline", parameters=given
    )


def outcome(body: bytes, **parameters: str) -> Arrival:
    return Arrival(team=LOCAL_TEAM, intake=Intake.OUTCOME, body=body, received_ns=NOW_NS, parameters=parameters)


def traces(body: bytes, content_type: str = PROTOBUF) -> Arrival:
    return Arrival(team=LOCAL_TEAM, intake=Intake.TRACES, body=body, received_ns=NOW_NS, content_type=content_type)


START = {"session_id": "s-1", "hook_event_name": "SessionStart"}
END = {"session_id": "s-1", "hook_event_name": "SessionEnd", "reason": "exit"}


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        pytest.param(b"plain", "", id="none"),
        pytest.param(b"plain", " Identity ", id="identity"),
        pytest.param(gzip.compress(b"plain"), "GZIP", id="gzip"),
        pytest.param(gzip.compress(b"pl") + gzip.compress(b"") + gzip.compress(b"ain"), "gzip", id="three members"),
        pytest.param(gzip.compress(b"plain") + bytes(10), "gzip", id="zeros behind"),
    ],
)
def test_body_is_decompressed(body: bytes, encoding: str) -> None:
    assert decompress(body, encoding, 100) == b"plain"


@pytest.mark.parametrize("size", [0, 1, 99, 100])
def test_body_of_exactly_the_limit_is_taken(size: int) -> None:
    assert decompress(gzip.compress(b"x" * size), "gzip", 100) == b"x" * size


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(gzip.compress(b"x" * 101), id="one over"),
        pytest.param(gzip.compress(b"x" * 60) * 2, id="over in the second member"),
        pytest.param(gzip.compress(bytes(10_000_000))[:100], id="bomb, cut off behind the limit"),
    ],
)
def test_body_over_the_limit_is_refused(body: bytes) -> None:
    with pytest.raises(TooLargeError, match=r"over 100 bytes when decompressed|at most 100 are taken"):
        decompress(body, "gzip", 100)


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        pytest.param(b"plain", "gzip", id="no gzip"),
        pytest.param(gzip.compress(b"plain")[:-1], "gzip", id="cut off"),
        pytest.param(gzip.compress(b"plain") + b"junk", "gzip", id="junk behind"),
        pytest.param(zlib.compress(b"plain"), "gzip", id="deflate"),
        pytest.param(gzip.compress(b"plain")[:-8] + bytes(8), "gzip", id="wrong checksum"),
        pytest.param(b"plain", "br", id="unknown"),
        pytest.param(b"plain", "gzip, gzip", id="twice"),
    ],
)
def test_body_that_is_not_what_its_encoding_says_is_refused(body: bytes, encoding: str) -> None:
    with pytest.raises(DecodeError, match=r"not valid gzip|send gzip or none"):
        decompress(body, encoding, 100)


def test_many_members_take_time_in_proportion() -> None:
    # copying the rest once for each member would take minutes
    assert decompress(gzip.compress(b"") * 50_000, "gzip", 2_000_000) == b""


def test_untimed_hook_again_is_one_row_that_remembers_its_last_receipt(installation: Installation) -> None:
    receipts = receive(installation, *(hook(END, at_ns=NOW_NS + late) for late in (0, 5, 2)))

    [row] = rows(installation)
    assert [receipt.is_new for receipt in receipts] == [True, False, False]
    assert (row.observed_ns, row.last_observed_ns, row.is_timed) == (NOW_NS, NOW_NS + 5, False)


def test_timed_hook_of_another_time_is_another_event(installation: Installation) -> None:
    sent = [hook(END, observed_ns=7), hook(END, observed_ns=8), hook(END, observed_ns=7, at_ns=NOW_NS + 9)]

    receipts = receive(installation, *sent, hook(END))

    assert [receipt.is_new for receipt in receipts] == [True, True, False, True]
    assert [(row.observed_ns, row.is_timed) for row in rows(installation)] == [(7, True), (8, True), (NOW_NS, False)]


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(hook(START, agent="cline"), id="agent"),
        pytest.param(replace(transcript(json.dumps(START).encode()), agent="claude_code"), id="channel"),
        pytest.param(hook(json.dumps(START).encode() + b" "), id="bytes"),
    ],
)
def test_same_bytes_about_something_else_are_another_row(installation: Installation, other: Arrival) -> None:
    receipts = receive(installation, hook(START), other)

    assert [receipt.is_new for receipt in receipts] == [True, True]


def test_names_of_one_agent_are_one(installation: Installation) -> None:
    receipts = receive(installation, hook(START, agent="claude-code"), hook(START, agent="Claude_Code"))

    assert [receipt.is_new for receipt in receipts] == [True, False]


@pytest.mark.parametrize(
    ("wrapped", "header_ns", "observed_ns", "is_timed"),
    [
        ({"hook": START}, None, NOW_NS, False),
        ({"hook": START}, 7, 7, True),
        ({"hook": START, "observed_ns": 5}, None, 5, True),
        ({"hook": START, "observed_ns": 5}, 7, 5, True),
        ({"hook": START, "observed_ns": None}, 7, 7, True),
        (START | {"observed_ns": 5}, None, NOW_NS, False),
    ],
)
def test_time_of_a_hook_is_what_its_sender_measured(
    installation: Installation, wrapped: object, header_ns: int | None, observed_ns: int, is_timed: bool
) -> None:
    receive(installation, hook(wrapped, observed_ns=header_ns))

    [row] = rows(installation)
    assert (row.observed_ns, row.is_timed) == (observed_ns, is_timed)
    assert json.loads(row.body) == wrapped


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"hook": []}, '"hook" must hold'),
        ({"hook": START, "observed_ns": "soon"}, "nanoseconds since 1970, got 'soon'"),
        ({"hook": START, "observed_ns": True}, "nanoseconds since 1970, got True"),
        ({"hook": START, "observed_ns": -1}, "below 2"),
        ({"hook": START, "observed_ns": 2**63}, "below 2"),
        (b"\xff{}", "not JSON"),
        (b'{"a": NaN}', "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b'{"a":' * 300 + b"1" + b"}" * 300, "nested too deep; at most 254"),
        (b'{"a":' * 1000 + b"1" + b"}" * 1000, "nested too deep; at most 254"),
    ],
)
def test_hook_that_cannot_be_read_is_refused(installation: Installation, body: object, words: str) -> None:
    with pytest.raises(InputError, match=words):
        receive(installation, hook(body))

    assert rows(installation) == []


def test_half_an_emoji_in_a_hook_costs_only_itself(installation: Installation) -> None:
    body = rb'{"session_id":"s-1","prompt":"cut \ud83d, whole \ud83d\ude00, text \\ud83d"}'

    receive(installation, hook(body))

    [row] = rows(installation)
    assert orjson.loads(row.body)["prompt"] == "cut \ufffd, whole \U0001f600, text \\ud83d"


def test_half_an_emoji_in_otlp_json_costs_only_itself(installation: Installation) -> None:
    body = trace_json(SPAN_ID, text="MARK").replace(b"MARK", rb"cut \udc00")

    [receipt] = receive(installation, traces(body, "application/json"))

    assert (receipt.is_new, receipt.rejected) == (True, 0)


def test_hook_of_254_levels_is_read_to_the_end(installation: Installation) -> None:
    deep = b'{"session_id":"s-1","hook_event_name":"Stop","a":' + b'{"a":' * 250 + b"1" + b"}" * 251

    receive(installation, hook(deep))
    projection = installation.projector().run(now_ns=NOW_NS)

    assert (projection.rows, projection.rejected) == (1, 0)


def test_piece_of_a_transcript_keeps_its_place_and_its_length_as_sent(installation: Installation) -> None:
    line = json.dumps({"text": f"key {ANTHROPIC_KEY}"}).encode() + b"\n"

    receive(installation, transcript(line, offset="120"))

    [row] = rows(installation)
    assert row.parameters == {"session": "s-1", "part": "main", "offset": "120", "length": str(len(line))}
    assert len(row.body) != len(line)


@pytest.mark.parametrize("name", ["remote", "repository"])
def test_repository_of_a_piece_is_kept_without_what_its_remote_holds_of_secrets(
    installation: Installation, name: str
) -> None:
    receive(installation, transcript(b"x\n", **{name: "https://ada:s3cret@Forge.example/a/b.git?token=1"}))

    [row] = rows(installation)
    assert row.parameters[name] == "https://forge.example/a/b"


def test_one_piece_at_two_places_is_two_rows(installation: Installation) -> None:
    sent = [transcript(b"x\n"), transcript(b"x\n", offset="2"), transcript(b"x\n", part="messages"), transcript(b"x\n")]

    receipts = receive(installation, *sent)

    assert [receipt.is_new for receipt in receipts] == [True, True, True, False]


@pytest.mark.parametrize(
    "parameters",
    [
        *({"offset": text} for text in ("-1", "1.5", "", "x", "9" * 30)),
        *({"session": text} for text in ("", "a/../b", "a\nb", "s" * 201)),
        {"part": ".."},
        *({name: "no remote"} for name in ("remote", "repository")),
        {"remote": "https://host/a\nb"},
        {"remote": f"https://host/{'a' * 1000}"},
    ],
)
def test_piece_without_a_place_is_refused(installation: Installation, parameters: Mapping[str, str]) -> None:
    with pytest.raises(InputError):
        receive(installation, transcript(b"x\n", **parameters))


@pytest.mark.parametrize(
    ("arrival", "error"),
    [
        (transcript(b""), DecodeError),
        (replace(transcript(b"x\n"), agent="emacs"), UnknownAgentError),
        (outcome(b"<testsuite/>"), InputError),
        (outcome(b"<html></html>", session="s-1", format="junit"), DecodeError),
        (outcome(b"<testsuite><testcase", session="s-1", format="junit"), DecodeError),
        (outcome(b"", session="s-1"), InputError),
        (outcome(b"1 passed", session="s-1", format="tap13"), UnknownFormatError),
        (outcome(b"hello", session="s-1"), UnknownFormatError),
        (traces(b"\xff\xff"), DecodeError),
        (traces(b"x" * 100_001), TooLargeError),
    ],
)
def test_what_cannot_be_used_is_refused_before_it_is_written(
    installation: Installation, arrival: Arrival, error: type[InputError]
) -> None:
    with pytest.raises(error):
        receive(installation, arrival)

    assert rows(installation) == []


def test_outcome_is_kept_with_whom_it_is_about(installation: Installation) -> None:
    report = b'<testsuite><testcase classname="a" name="ok"/></testsuite>'

    receipts = receive(
        installation, outcome(report, session="s-1"), outcome(report, commit="ABCDEF1"), outcome(report, session="s-1")
    )

    assert [receipt.is_new for receipt in receipts] == [True, True, False]
    about = [dict(row.parameters) for row in rows(installation)]
    assert about == [{"session": "s-1", "format": "auto"}, {"commit": "abcdef1", "format": "auto"}]


def secret_arrivals() -> dict[str, Arrival]:
    """Every way in with every planted secret; of lengths, too, that protobuf writes as a letter or digit."""
    text = ENV_FILE + f"curl -H 'Authorization: Bearer {PLANTED_SECRETS[6]}'\nNEW_PASSWORD={PLANTED_SECRETS[8]}\n"
    line = json.dumps({"type": "user", "content": json.dumps({"stdout": text})}).encode() + b"\n"
    event = log_request("claude_code.tool_result")
    attribute = event.resource_logs[0].scope_logs[0].log_records[0].attributes.add()
    attribute.key, attribute.value.string_value = "db.password", PLANTED_SECRETS[8]
    report = f'<testsuite><testcase name="a"><failure>{text.replace("<", "")}</failure></testcase></testsuite>'
    return {
        "hook": hook({"session_id": "s-1", "tool_response": {"stdout": text}}),
        "wrapped hook": hook({"hook": {"session_id": "s-1", "prompt": text}}),
        "protobuf": traces(trace_request(SPAN_ID, text=text).SerializeToString()),
        "JSON": traces(trace_json(SPAN_ID, text=text), "application/json"),
        "lone token": traces(trace_request(SPAN_ID, text=PLANTED_SECRETS[4]).SerializeToString()),
        "padded token": traces(trace_request(SPAN_ID, text=PLANTED_SECRETS[2] + " " * 60).SerializeToString()),
        "beside its key": replace(traces(event.SerializeToString()), intake=Intake.LOGS),
        "transcript": transcript(line),
        "outcome": outcome(report.encode(), session="s-1", format="junit"),
    }


@pytest.mark.parametrize("way", secret_arrivals())
def test_no_secret_is_in_a_row_or_in_a_byte_of_the_folder(installation: Installation, way: str) -> None:
    receive(installation, secret_arrivals()[way])

    [row] = rows(installation)
    written = b"".join(file.read_bytes() for file in installation.data_dir.path.rglob("*") if file.is_file())
    found = [secret for secret in PLANTED_SECRETS if secret.encode() in row.body or secret.encode() in written]
    assert found == []
    assert b"[REDACTED:" in row.body


def test_large_and_small_bodies_are_one_to_the_inbox(installation: Installation) -> None:
    small = {"session_id": "s-1", "hook_event_name": "Stop", "text": "x"}
    large = small | {"text": "x" * 60_000}

    receipts = receive(installation, hook(small), hook(large), hook(large), hook(small))

    assert [receipt.is_new for receipt in receipts] == [True, True, False, False]


def test_export_sent_again_is_the_same_row_though_it_was_compressed_anew(installation: Installation) -> None:
    first, again = (gzip.compress(BODY, mtime=at) for at in (1, 2))
    sent = replace(traces(first), content_encoding="gzip")

    receipts = receive(installation, sent, replace(sent, body=again))

    assert [receipt.is_new for receipt in receipts] == [True, False]
    assert [row.body for row in rows(installation)] == [BODY]


def test_what_stands_beside_the_body_in_gzip_is_not_stored(installation: Installation) -> None:
    named = io.BytesIO()
    with gzip.GzipFile(filename=ANTHROPIC_KEY, mode="wb", fileobj=named) as file:
        file.write(BODY)
    receive(installation, replace(traces(named.getvalue()), content_encoding="gzip"))

    written = b"".join(file.read_bytes() for file in installation.data_dir.path.iterdir() if file.is_file())

    assert ANTHROPIC_KEY.encode() in named.getvalue()
    assert ANTHROPIC_KEY.encode() not in written
    assert [row.body for row in rows(installation)] == [BODY]


@pytest.mark.parametrize("size", [1_000, 60_000])
def test_secret_in_a_compressed_export_is_in_no_byte_of_the_row(installation: Installation, size: int) -> None:
    body = log_request(f"{'x ' * size} {ANTHROPIC_KEY}").SerializeToString()
    sent = Arrival(
        team=LOCAL_TEAM,
        intake=Intake.LOGS,
        body=gzip.compress(body),
        received_ns=NOW_NS,
        content_type=PROTOBUF,
        content_encoding="gzip",
    )
    unlimited = replace(installation, config=Config(capture=CaptureConfig(level=CaptureLevel.FULL)))

    receive(unlimited, sent)

    (row,) = rows(installation)
    assert ANTHROPIC_KEY.encode() in body
    assert ANTHROPIC_KEY.encode() not in row.body
    assert b"[REDACTED:" in row.body
