"""A made-up session as Claude Code 2.1.330 tells it: our start hook, its hooks, and its transcript."""

import json
import uuid
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from sidecar.recordings import RecordedRequest
from tests.loop.foreign.acts import ROOT, Act, Ecosystem, Foreign

_NS = 1_000_000_000
_NAMES = {"ran": "Bash", "edited": "Edit", "wrote": "Write", "looked": "Read"}
_HEAD = "5e6f0c0b4f7d0f8d7b8c9a0e1d2c3b4a59687765"


def claude_code_requests(ecosystem: Ecosystem, played: Foreign, *, start_ns: int) -> list[RecordedRequest]:
    """Every request of the session, in order; hooks as curl posts them, then the whole transcript."""
    told = _Telling(ecosystem, played, start_ns)
    hooks = [_posted("/hooks/claude_code", body, at_ns) for at_ns, body in told.hooks()]
    target = f"/transcripts/claude_code?session={told.session_id}&part=main&offset=0"
    transcript = "\n".join(json.dumps(line) for line in told.lines()) + "\n"
    end_ns = start_ns + 1000 * _NS
    sent = RecordedRequest(
        at_ns=end_ns,
        method="POST",
        target=target,
        headers={"content-type": "application/octet-stream"},
        body=transcript.encode(),
    )
    return [*hooks, sent]


def _posted(target: str, body: dict[str, object], at_ns: int) -> RecordedRequest:
    headers = {"content-type": "application/json", "x-sidecar-observed-ns": str(at_ns)}
    return RecordedRequest(at_ns=at_ns, method="POST", target=target, headers=headers, body=json.dumps(body).encode())


class _Telling:
    """One session's ids and times, shared by its hooks and its transcript."""

    def __init__(self, ecosystem: Ecosystem, played: Foreign, start_ns: int) -> None:
        self._ecosystem, self._played, self._start_ns = ecosystem, played, start_ns
        self._cwd = ROOT + ecosystem.name
        self.session_id = self._id("session")

    def _id(self, name: str) -> str:
        return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{self._ecosystem.remote} {self._played.branch} {name}"))

    def _at_ns(self, number: int) -> int:
        return self._start_ns + number * 10 * _NS

    def hooks(self) -> Iterator[tuple[int, dict[str, object]]]:
        """Time and payload of each hook."""
        start = self._hook("SessionStart", source="startup")
        repository = {"remote": self._ecosystem.remote, "head": _HEAD, "branch": self._played.branch}
        yield (
            self._at_ns(0),
            {"hook": start, "observed_ns": self._at_ns(0), "repository": repository, "rules": []},
        )
        yield self._at_ns(1), self._hook("UserPromptSubmit", prompt_id=self._id("prompt"), prompt=self._played.prompt)
        for number, act in enumerate(self._played.acts):
            yield self._at_ns(number + 2) + _NS, self._tool_hook(act, number)
        last = self._at_ns(len(self._played.acts) + 2)
        yield last, self._hook("Stop", prompt_id=self._id("prompt"), stop_hook_active=False)
        yield last + _NS, self._hook("SessionEnd", reason="other")

    def _hook(self, event: str, **more: object) -> dict[str, object]:
        return {
            "session_id": self.session_id,
            "transcript_path": f"/home/dev/.claude/projects/x/{self.session_id}.jsonl",
            "cwd": self._cwd,
            "hook_event_name": event,
            **more,
        }

    def _tool_hook(self, act: Act, number: int) -> dict[str, object]:
        common = {
            "prompt_id": self._id("prompt"),
            "permission_mode": "bypassPermissions",
            "tool_name": _NAMES[act.kind],
            "tool_input": self._given(act),
            "tool_use_id": self._tool_id(number),
            "duration_ms": 800,
        }
        if act.code:
            return self._hook("PostToolUseFailure", **common, error=_failure(act), is_interrupt=False)
        return self._hook("PostToolUse", **common, tool_response=self._response(act))

    def _tool_id(self, number: int) -> str:
        return "toolu_" + self._id(f"tool {number}").replace("-", "")[:24]

    def _given(self, act: Act) -> dict[str, object]:
        path = f"{self._cwd}/{act.subject}"
        match act.kind:
            case "ran":
                return {"command": act.subject, "description": "Run a command"}
            case "edited":
                return {"file_path": path, "old_string": act.old, "new_string": act.new, "replace_all": False}
            case "wrote":
                return {"file_path": path, "content": act.new}
            case "looked":
                return {"file_path": path}

    def _response(self, act: Act) -> dict[str, object]:
        path = f"{self._cwd}/{act.subject}"
        match act.kind:
            case "ran":
                return {"stdout": act.out, "stderr": act.err, "interrupted": False, "isImage": False}
            case "edited":
                return {"filePath": path, "oldString": act.old, "newString": act.new, "structuredPatch": []}
            case "wrote":
                return {"type": "create", "filePath": path, "content": act.new, "structuredPatch": []}
            case "looked":
                return {"type": "text", "file": {"filePath": path, "content": act.out, "numLines": 1, "startLine": 1}}

    def lines(self) -> Iterator[dict[str, object]]:
        """The transcript's lines: the prompt, then a call and its result for each act."""
        prompt = {"role": "user", "content": self._played.prompt}
        yield self._line("user", 1, prompt, promptId=self._id("prompt"), promptSource="sdk")
        for number, act in enumerate(self._played.acts):
            use = {"type": "tool_use", "id": self._tool_id(number), "name": _NAMES[act.kind], "input": self._given(act)}
            asked = {"id": f"msg_{number}", "type": "message", "role": "assistant", "content": [use]}
            yield self._line("assistant", number + 2, asked, requestId=f"req_{self._tool_id(number)}")
            shown = _failure(act) if act.code else "\n".join(filter(None, (act.out, act.err)))
            result = {
                "type": "tool_result",
                "tool_use_id": self._tool_id(number),
                "content": shown,
                "is_error": bool(act.code),
            }
            structured = f"Error: {_failure(act)}" if act.code else self._response(act)
            answered = {"role": "user", "content": [result]}
            yield self._line("user", number + 2, answered, toolUseResult=structured, promptId=self._id("prompt"))

    def _line(self, kind: str, number: int, message: Mapping[str, object], **more: object) -> dict[str, object]:
        at = datetime.fromtimestamp(self._at_ns(number) // _NS, UTC)
        return {
            "isSidechain": False,
            "type": kind,
            "message": message,
            "uuid": self._id(f"line {kind} {number}"),
            "timestamp": at.isoformat().replace("+00:00", ".000Z"),
            "userType": "external",
            "entrypoint": "sdk-cli",
            "cwd": self._cwd,
            "sessionId": self.session_id,
            "version": "2.1.330",
            "gitBranch": self._played.branch,
            **more,
        }


def _failure(act: Act) -> str:
    return "\n".join([f"Exit code {act.code}", *filter(None, (act.out, act.err))])
