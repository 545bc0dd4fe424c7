"""An agent that nobody has measured sends spans by a convention, and becomes a session that learning can read."""

import asyncio
import json
import time
from pathlib import Path

import pytest

from sidecar.config import Config
from sidecar.data_dir import DataDir
from sidecar.domain import LOCAL_TEAM, Intake, Label, SessionState, StepKind
from sidecar.installation import Installation
from sidecar.receive import Arrival
from sidecar.store import StoredSession

START_NS = 1_795_404_254_000_000_000
FAILED = "F.\n=== FAILURES ===\nE   assert -1 == 5\nFAILED tests/test_ops.py::test_add\n1 failed, 1 passed in 0.14s"
PASSED = "..\n2 passed in 0.02s"


def span(number: int, parent: str | None, attributes: dict[str, str]) -> dict[str, object]:
    told = [{"key": key, "value": {"stringValue": value}} for key, value in attributes.items()]
    at_ns = START_NS + number * 1_000_000_000
    return {
        "traceId": "a" * 32,
        "spanId": f"{number + 1:016x}",
        **({"parentSpanId": parent} if parent else {}),
        "name": "any",
        "startTimeUnixNano": str(at_ns),
        "endTimeUnixNano": str(at_ns + (90_000_000_000 if parent is None else 500_000_000)),
        "attributes": told,
    }


def by_genai() -> list[dict[str, str]]:
    def tool(name: str, given: dict[str, str], result: object) -> dict[str, str]:
        return {
            "gen_ai.operation.name": "execute_tool",
            "gen_ai.conversation.id": "conv-1",
            "gen_ai.tool.name": name,
            "gen_ai.tool.call.arguments": json.dumps(given),
            "gen_ai.tool.call.result": result if isinstance(result, str) else json.dumps(result),
        }

    asked = json.dumps([{"role": "user", "parts": [{"type": "text", "content": "Fix SHOP-7."}]}])
    chat = {"gen_ai.operation.name": "chat", "gen_ai.conversation.id": "conv-1", "gen_ai.input.messages": asked}
    agent = {"gen_ai.operation.name": "invoke_agent", "gen_ai.conversation.id": "conv-1"}
    return [
        agent,
        chat,
        tool("bash", {"command": "pytest"}, {"stdout": FAILED, "exit_code": 1}),
        tool("write_file", {"path": "ops.py", "content": "def add(a, b):\n    return a + b\n"}, "ok"),
        tool("bash", {"command": "pytest"}, {"stdout": PASSED, "exit_code": 0}),
    ]


def by_openinference() -> list[dict[str, str]]:
    def tool(name: str, given: dict[str, str], result: object) -> dict[str, str]:
        return {
            "openinference.span.kind": "TOOL",
            "session.id": "conv-1",
            "tool.name": name,
            "input.value": json.dumps(given),
            "output.value": json.dumps(result),
        }

    return [
        {"openinference.span.kind": "AGENT", "session.id": "conv-1"},
        {"openinference.span.kind": "LLM", "session.id": "conv-1", "llm.model_name": "any"},
        tool("bash", {"command": "pytest"}, {"output": FAILED, "exit_code": 1}),
        tool("write_file", {"path": "ops.py", "content": "def add(a, b):\n    return a + b\n"}, {"output": "ok"}),
        tool("bash", {"command": "pytest"}, {"output": PASSED, "exit_code": 0}),
    ]


def collected(data: Path, spans: list[dict[str, str]], *, service: str = "my-agent") -> tuple[list[StoredSession], int]:
    """The sessions that these spans become, and how many records were left out."""
    made = [span(number, None if number == 0 else "1".zfill(16), one) for number, one in enumerate(spans)]
    resource = {"attributes": [{"key": "service.name", "value": {"stringValue": service}}]}
    body = json.dumps({"resourceSpans": [{"resource": resource, "scopeSpans": [{"scope": {}, "spans": made}]}]})
    arrival = Arrival(team=LOCAL_TEAM, intake=Intake.TRACES, body=body.encode(), received_ns=START_NS)
    with Installation.open(DataDir.open(data), Config(), owner="test") as installation:
        asyncio.run(installation.receiver().receive(arrival))
        installation.projector().run(now_ns=time.time_ns())
        keys = [stored.session.key for stored in installation.store.sessions(LOCAL_TEAM)]
        found = [stored for key in keys if (stored := installation.store.session(key)) is not None]
        return found, sum(sum(one.values()) for one in installation.store.counts().dropped.values())


@pytest.mark.parametrize("spans", [by_genai(), by_openinference()], ids=["genai", "openinference"])
def test_spans_become_a_session_with_its_tests_and_its_label(spans: list[dict[str, str]], tmp_path: Path) -> None:
    (stored,), dropped = collected(tmp_path / "data", spans)

    session = stored.session
    assert (session.key.agent, session.key.session_id, dropped) == ("genai", "conv-1", 0)
    assert [step.exit_code for step in session.steps if step.kind is StepKind.TEST_RUN] == [1, 0]
    assert [step.path for step in session.steps if step.kind is StepKind.EDIT] == ["ops.py"]
    assert stored.decision.label is Label.PASS
    assert session.state is not SessionState.OPEN


def test_prompt_names_the_task(tmp_path: Path) -> None:
    (stored,), _ = collected(tmp_path / "data", by_genai())

    assert stored.session.task == "key:SHOP-7"


def test_spans_of_a_service_that_is_no_agent_are_counted_only(tmp_path: Path) -> None:
    stored, dropped = collected(tmp_path / "data", [{"http.request.method": "GET"}] * 7, service="checkout")

    assert (stored, dropped) == ([], 7)


def test_named_agent_keeps_its_own_spans(tmp_path: Path) -> None:
    stored, dropped = collected(tmp_path / "data", by_genai(), service="codex_exec")

    assert (stored, dropped) == ([], 5)
