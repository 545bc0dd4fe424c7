"""Model APIs on loopback that answer from a script, so that an agent runs with no model and no account.

It keeps no state between requests: the number of answers already in a conversation says which turn comes next. Requests
that an agent makes beside its work (titles, counts) carry none of its tools and get a short answer. The stream has the
shape of the real API; token counts are made up.
"""

import hashlib
import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event
from typing import TypeAlias, cast

from tests.recordings import gemini_api, responses_api
from tests.recordings.opencode import opencode_call
from tests.recordings.script import Act, Agent, Change, Create, Delegate, Look, Run, Scenario, Turn

Json: TypeAlias = Mapping[str, object]

THINKING_S = 0.3
"""Before each answer, so that a session lasts long enough to be exported in several pieces, as real ones are."""


class ScriptedModel(ThreadingHTTPServer):
    """Serves one scenario at a time; `last_turn_served` is set once the script has no further turn.

    `first_request` is what the agent first asked in it: its own prompt, the rules that it loaded, the person's prompt.
    """

    daemon_threads = True

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", port), _Answer)
        self.scenario: Scenario | None = None
        self.turns: Sequence[Turn] = ()
        self.root = ""
        self.last_turn_served = Event()
        self.first_request: Json = {}

    def play(self, scenario: Scenario, root: str, visits: int) -> None:
        """Answer from the first `visits` visits of a scenario whose repository lies at `root`."""
        self.scenario = scenario
        self.root = root
        self.turns = tuple(turn for visit in scenario.visits[:visits] for turn in visit.turns)
        self.last_turn_served.clear()
        self.first_request = {}

    def answer(self, request: Json) -> tuple[Turn, str]:
        """The turn that a request asks for, and a key that is the same whenever it is asked again."""
        if self.scenario is None or not request.get("tools"):
            return Turn("Done."), "beside"
        self.first_request = self.first_request or request
        turns, key = self._script_of(request)
        done = _turns_done(request)
        if done >= len(turns):
            return Turn("Done."), f"{key}/{done}"
        if turns is self.turns and done == len(turns) - 1:
            self.last_turn_served.set()
        return turns[done], f"{key}/{done}"

    def _script_of(self, request: Json) -> tuple[Sequence[Turn], str]:
        assert self.scenario is not None
        first = json.dumps(next(iter(cast(Sequence[Json], request.get("messages", ()))), None))
        for turn in self.turns:
            if isinstance(turn.act, Delegate) and json.dumps(turn.act.prompt)[1:-1] in first:
                return turn.act.turns, f"{self.scenario.recording}/delegate"
        return self.turns, self.scenario.recording


class _Answer(BaseHTTPRequestHandler):
    """One request to the scripted model."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """Answer a message, or a count of tokens."""
        body = cast(Json, json.loads(self.rfile.read(int(self.headers["content-length"]))))
        model = cast(ScriptedModel, self.server)
        if "count_tokens" in self.path or "analytics" in self.path:
            self._send("application/json", b'{"input_tokens":1000}', "count")
            return
        turn, key = model.answer(body)
        time.sleep(THINKING_S)
        if "responses" in self.path:
            self._send_events(responses_api.responses_stream(turn, _digest(key), model.root), key)
        elif "enerateContent" in self.path:
            self._send_content(json.dumps(gemini_api.gemini_content(turn, _digest(key), model.root)), key)
        elif body.get("stream"):
            self._send_events(_stream(turn, key, str(body["model"]), model), key)
        else:
            self._send("application/json", json.dumps(_whole(turn, key, str(body["model"]), model)).encode(), key)

    def do_HEAD(self) -> None:
        """Answer the probe that Claude Code makes before its first request."""
        self._send("text/plain", b"", "probe")

    def do_GET(self) -> None:
        """Answer a question for the list of models."""
        self._send("application/json", b'{"data":[],"models":[]}', "models")

    def _send_events(self, events: Iterable[Json], key: str) -> None:
        text = "".join(f"event: {event['type']}\ndata: {json.dumps(event)}\n\n" for event in events)
        self._send("text/event-stream", text.encode(), key)

    def _send_content(self, content: str, key: str) -> None:
        if "stream" in self.path:
            self._send("text/event-stream", f"data: {content}\n\n".encode(), key)
        else:
            self._send("application/json", content.encode(), key)

    def _send(self, content_type: str, body: bytes, key: str) -> None:
        self.send_response(200)
        self.send_header("content-type", content_type)
        self.send_header("content-length", str(len(body)))
        self.send_header("request-id", "req_" + _digest(key))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Keep the terminal for the recorder."""


def _stream(turn: Turn, key: str, name: str, model: ScriptedModel) -> Iterator[Json]:
    whole = _whole(turn, key, name, model)
    usage = cast(Json, whole["usage"])
    start: Json = {**whole, "content": [], "stop_reason": None, "usage": {**usage, "output_tokens": 1}}
    yield {"type": "message_start", "message": start}
    for index, block in enumerate(cast(Sequence[Json], whole["content"])):
        if block["type"] == "text":
            empty: Json = {"type": "text", "text": ""}
            delta: Json = {"type": "text_delta", "text": block["text"]}
        else:
            empty = {**block, "input": {}}
            delta = {"type": "input_json_delta", "partial_json": json.dumps(block["input"])}
        yield {"type": "content_block_start", "index": index, "content_block": empty}
        yield {"type": "content_block_delta", "index": index, "delta": delta}
        yield {"type": "content_block_stop", "index": index}
    stop = {"stop_reason": whole["stop_reason"], "stop_sequence": None}
    yield {"type": "message_delta", "delta": stop, "usage": {"output_tokens": usage["output_tokens"]}}
    yield {"type": "message_stop"}


def _whole(turn: Turn, key: str, name: str, model: ScriptedModel) -> Json:
    content: list[Json] = [{"type": "text", "text": turn.text}]
    if turn.act is not None and model.scenario is not None:
        tool, arguments = CALLS[model.scenario.agent](turn.act, model.root)
        content.append({"type": "tool_use", "id": "toolu_" + _digest(key), "name": tool, "input": arguments})
    return {
        "id": "msg_" + _digest("message " + key),
        "type": "message",
        "role": "assistant",
        "model": name,
        "content": content,
        "stop_reason": "end_turn" if turn.act is None else "tool_use",
        "stop_sequence": None,
        "usage": {
            "input_tokens": 1200,
            "cache_creation_input_tokens": 0,
            "cache_read_input_tokens": 0,
            "output_tokens": 40 + len(turn.text),
        },
    }


def claude_code_call(act: Act, root: str) -> tuple[str, Json]:
    """The tool and its arguments in Claude Code's words."""
    match act:
        case Run(command, timeout_ms):
            limit = {} if timeout_ms is None else {"timeout": timeout_ms}
            return "Bash", {"command": command, "description": "Run a command", **limit}
        case Look(path):
            return "Read", {"file_path": f"{root}/{path}"}
        case Change(path, old, new):
            return "Edit", {"file_path": f"{root}/{path}", "old_string": old, "new_string": new}
        case Create(path, text):
            return "Write", {"file_path": f"{root}/{path}", "content": text}
        case Delegate(prompt, _):
            kind = {"subagent_type": "general-purpose", "run_in_background": False}
            return "Agent", {"description": "Look around", "prompt": prompt, **kind}


def cline_call(act: Act, root: str) -> tuple[str, Json]:
    """The tool and its arguments in Cline's words.

    Raises:
        ValueError: Cline has no sub-agent that a script could direct.
    """
    match act:
        case Run(command, _):
            return "run_commands", {"commands": [command]}
        case Look(path):
            return "read_files", {"files": [{"path": f"{root}/{path}"}]}
        case Change(path, old, new):
            return "editor", {"path": f"{root}/{path}", "old_text": old, "new_text": new}
        case Create(path, text):
            return "editor", {"path": f"{root}/{path}", "new_text": text}
        case Delegate():
            raise ValueError("a Cline scenario cannot delegate; write its acts into the scenario itself")


CALLS: Mapping[Agent, Callable[[Act, str], tuple[str, Json]]] = {
    Agent.CLAUDE_CODE: claude_code_call,
    Agent.CLINE: cline_call,
    Agent.OPENCODE: opencode_call,
}
"""The agents that speak the Messages API, with how each words an act."""


def _turns_done(request: Json) -> int:
    """How many answers a conversation holds, in whichever of the three APIs."""
    if "contents" in request:
        return gemini_api.turns_done(request)
    if "input" in request:
        return responses_api.turns_done(request)
    return sum(message["role"] == "assistant" for message in cast(Sequence[Json], request["messages"]))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:24]
