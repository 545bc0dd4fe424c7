"""What attributes of the GenAI conventions and of OpenInference hold; what is not here is kept at `full` only."""

from collections.abc import Mapping

from sidecar.capture import AgentFields, Choice, Each, Inside, JsonObject, Node
from sidecar.domain import Matter

FRAME, PLACE, WORK = Matter.FRAME, Matter.PLACE, Matter.WORK
WORDS = Matter.WORDS


def frames(*names: str) -> dict[str, Node]:
    """Members that are ids, names, times, counts or states."""
    return dict.fromkeys(names, FRAME)


_INPUT: Node = {
    **dict.fromkeys(("file_path", "path", "filePath", "filename", "file"), PLACE),
    **dict.fromkeys(("command", "cmd", "script", "old_string", "old_str", "old_text", "oldString"), WORK),
    **dict.fromkeys(("new_string", "new_str", "new_text", "newString", "content", "file_text", "contents"), WORK),
}


_OUTPUT: Node = {
    **dict.fromkeys(("stdout", "stderr"), WORK),
    "output": Each(text=WORK),
    **frames("exit_code", "exitCode", "returncode", "return_code", "exit"),
}


def _message(value: JsonObject) -> Node:
    """A person's words; what else stands in a request is talk, or is told by the spans of tools."""
    if value.get("role") != "user":
        return {"role": FRAME}
    return {"role": FRAME, "content": WORDS, "parts": {"type": FRAME, "content": WORDS, "text": WORDS}}


ATTRIBUTES: Mapping[str, Node] = {
    **frames("service.name", "service.version", "event.name", "session.id", "user.id", "enduser.id"),
    **frames("openinference.span.kind", "tool.name", "tool_call.id", "gen_ai.operation.name", "gen_ai.agent.name"),
    **frames("gen_ai.agent.version", "gen_ai.conversation.id", "gen_ai.provider.name", "gen_ai.system"),
    **frames("gen_ai.request.model", "gen_ai.response.model", "gen_ai.response.id", "gen_ai.tool.name"),
    **frames("gen_ai.tool.call.id", "gen_ai.usage.input_tokens", "gen_ai.usage.output_tokens", "llm.model_name"),
    **frames("llm.token_count.prompt", "llm.token_count.completion", "vcs.repository.url.full", "vcs.ref.head.name"),
    "gen_ai.input.messages": Inside(node=Choice(choose=_message)),
    "gen_ai.tool.call.arguments": Inside(node=_INPUT),
    "gen_ai.tool.call.result": Each(text=WORK),
    "input.value": Inside(node=_INPUT),
    "output.value": Inside(node=_OUTPUT),
}
"""`output.value` may be a tool's result or a model's talk; an object that names streams or a code is the former."""

FIELDS = AgentFields(hook={}, attributes=ATTRIBUTES)
