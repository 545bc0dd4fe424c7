"""A made-up session as Cline 3.0.65 tells it: its hooks, the first through our start hook, and both session files."""

import json
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime

from sidecar.recordings import RecordedRequest
from tests.loop.foreign.acts import ROOT, Act, Ecosystem, Foreign

_NS = 1_000_000_000
_NAMES = {"ran": "run_commands", "edited": "editor", "wrote": "editor", "looked": "read_files"}
_HEAD = "5e6f0c0b4f7d0f8d7b8c9a0e1d2c3b4a59687765"


def cline_requests(ecosystem: Ecosystem, played: Foreign, *, start_ns: int) -> list[RecordedRequest]:
    """Every request of the session, in order: hooks, then both files."""
    told = _Telling(ecosystem, played, start_ns)
    hooks = [_sent("/hooks/cline", json.dumps(body), at_ns, is_hook=True) for at_ns, body in told.hooks()]
    files = [
        _sent(f"/transcripts/cline?session={told.session_id}&part={part}&offset=0", text, start_ns + 1000 * _NS)
        for part, text in (("session", told.session_file()), ("messages", told.messages_file()))
    ]
    return [*hooks, *files]


def _sent(target: str, body: str, at_ns: int, *, is_hook: bool = False) -> RecordedRequest:
    headers = {"content-type": "application/json" if is_hook else "application/octet-stream"}
    headers |= {"x-sidecar-observed-ns": str(at_ns)} if is_hook else {}
    return RecordedRequest(at_ns=at_ns, method="POST", target=target, headers=headers, body=body.encode())


class _Telling:
    """One session's ids and times, shared by its hooks and its files."""

    def __init__(self, ecosystem: Ecosystem, played: Foreign, start_ns: int) -> None:
        self._ecosystem, self._played, self._start_ns = ecosystem, played, start_ns
        self._cwd = ROOT + ecosystem.name
        self.session_id = f"{start_ns // 1_000_000}_{self._id('session')[:5]}"

    def _id(self, name: str) -> str:
        told = uuid.uuid5(uuid.NAMESPACE_URL, f"{self._ecosystem.remote} {self._played.branch} {name}")
        return str(told).replace("-", "")

    def _at_ns(self, number: int) -> int:
        return self._start_ns + number * 10 * _NS

    def hooks(self) -> Iterator[tuple[int, dict[str, object]]]:
        """Time and payload of each hook."""
        start = self._hook("agent_start", 0, taskStart={"taskMetadata": {}})
        repository = {"remote": self._ecosystem.remote, "head": _HEAD, "branch": self._played.branch}
        yield (
            self._at_ns(0),
            {"hook": start, "observed_ns": self._at_ns(0), "repository": repository, "rules": []},
        )
        for number, act in enumerate(self._played.acts):
            call: dict[str, object] = {"id": self._tool_id(number), "name": _NAMES[act.kind], "input": self._given(act)}
            yield self._at_ns(number + 2), self._hook("tool_call", number + 2, iteration=number + 1, tool_call=call)
            times = {
                "durationMs": 900,
                "startedAt": self._time(number + 2),
                "endedAt": self._time(number + 2),
            }
            result = {**call, "output": self._output(act), **times}
            yield (
                self._at_ns(number + 2) + _NS,
                self._hook("tool_result", number + 2, iteration=number + 1, tool_result=result),
            )
        last = len(self._played.acts) + 3
        yield self._at_ns(last), self._hook("agent_end", last, turn={"outputText": "Done.", "status": "completed"})

    def _hook(self, name: str, number: int, **more: object) -> dict[str, object]:
        return {
            "clineVersion": "",
            "timestamp": self._time(number),
            "taskId": f"conv_{self._id('task')}",
            "sessionContext": {"rootSessionId": self.session_id},
            "workspaceRoots": [self._cwd],
            "workspaceInfo": {
                "rootPath": self._cwd,
                "hint": self._ecosystem.name,
                "associatedRemoteUrls": [f"origin: {self._ecosystem.remote}"],
                "latestGitCommitHash": _HEAD,
                "latestGitBranchName": self._played.branch,
            },
            "userId": "unknown",
            "agent_id": f"agent_{self._id('agent')}",
            "parent_agent_id": None,
            "hookName": name,
            **more,
        }

    def _time(self, number: int) -> str:
        return datetime.fromtimestamp(self._at_ns(number) // _NS, UTC).isoformat().replace("+00:00", ".000Z")

    def _tool_id(self, number: int) -> str:
        return "toolu_" + self._id(f"tool {number}")[:24]

    def _given(self, act: Act) -> dict[str, object]:
        path = f"{self._cwd}/{act.subject}"
        match act.kind:
            case "ran":
                return {"commands": [act.subject]}
            case "edited":
                return {"path": path, "old_text": act.old, "new_text": act.new}
            case "wrote":
                return {"path": path, "new_text": act.new}
            case "looked":
                return {"files": [{"path": path}]}

    def _output(self, act: Act) -> object:
        path = f"{self._cwd}/{act.subject}"
        if act.kind == "ran":
            return [_command_result(act)]
        if act.kind == "looked":
            numbered = "\n".join(f"{at} | {line}" for at, line in enumerate(act.out.splitlines(), start=1))
            return [{"query": path, "result": numbered, "success": True}]
        return {"query": f"edit:{path}", "result": f"Edited {path}", "success": True}

    def session_file(self) -> str:
        """`<id>.json`."""
        content = {
            "version": 1,
            "session_id": self.session_id,
            "source": "cli",
            "started_at": self._time(0),
            "ended_at": self._time(len(self._played.acts) + 4),
            "exit_code": 0,
            "status": "completed",
            "interactive": False,
            "cwd": self._cwd,
            "workspace_root": self._cwd,
            "prompt": self._played.prompt,
            "metadata": {
                "sessionHistoryOrigin": {"mode": "user", "version": "3.0.65"},
                "git": {"url": self._ecosystem.remote, "branch": self._played.branch},
            },
        }
        return json.dumps(content, indent=2)

    def messages_file(self) -> str:
        """`<id>.messages.json`."""
        asked = f'<user_input mode="act">{self._played.prompt}</user_input>'
        text: dict[str, object] = {"type": "text", "text": asked}
        messages = [self._message("user", 1, text)]
        for number, act in enumerate(self._played.acts):
            identity, name = self._tool_id(number), _NAMES[act.kind]
            use: dict[str, object] = {"type": "tool_use", "id": identity, "name": name, "input": self._given(act)}
            messages.append(self._message("assistant", number + 2, use))
            output = self._output(act)
            content = json.dumps(output) if act.kind in ("edited", "wrote") else output
            result: dict[str, object] = {"type": "tool_result", "tool_use_id": identity, "name": name}
            result["content"] = content
            messages.append(self._message("user", number + 2, result))
        return json.dumps({"version": 1, "agent": "lead", "origin": {"version": "3.0.65"}, "messages": messages})

    def _message(self, role: str, number: int, block: dict[str, object]) -> dict[str, object]:
        at_ms = self._at_ns(number) // 1_000_000 + (role == "user") * 500
        return {"id": self._id(f"{role} {number}"), "role": role, "content": [block], "ts": at_ms}


def _command_result(act: Act) -> dict[str, object]:
    head = f"[Command exited with code {act.code}]\n" if act.code else ""
    text = head + act.out + (f"\n\n[stderr]\n{act.err}\n" if act.err else "")
    result: dict[str, object] = {"query": act.subject, "result": text}
    if act.code:
        result["error"] = f"Command exited with code {act.code}"
    return {**result, "success": not act.code}
