"""The two sets of attribute names that spans of model requests and tools follow, read into one shape.

OpenInference is asked first: its spans may carry GenAI attributes beside its own, and not the other way round.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from collectors.payload import Payload, parse_payload


class Act(StrEnum):
    """What a span is of."""

    MODEL = "model"
    TOOL = "tool"
    AGENT = "agent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message of a conversation."""

    role: str
    text: str


_OPERATIONS = {
    **dict.fromkeys(("chat", "generate_content", "text_completion"), Act.MODEL),
    "execute_tool": Act.TOOL,
    "invoke_agent": Act.AGENT,
}
_KINDS = {"LLM": Act.MODEL, "TOOL": Act.TOOL, "AGENT": Act.AGENT}
_INPUT_ROLE = re.compile(r"llm\.input_messages\.(\d+)\.message\.role")


def act_of(attributes: Mapping[str, str]) -> Act | None:
    """What a span is of; None where it is of nothing that a session has."""
    kind = attributes.get("openinference.span.kind")
    if kind is not None:
        return _KINDS.get(kind.upper())
    return _OPERATIONS.get(attributes.get("gen_ai.operation.name", ""))


def conversation_of(attributes: Mapping[str, str]) -> str | None:
    """The conversation or session that a record names."""
    return attributes.get("gen_ai.conversation.id") or attributes.get("session.id") or None


def model_of(attributes: Mapping[str, str]) -> str | None:
    """The model that a request went to."""
    names = ("gen_ai.request.model", "gen_ai.response.model", "llm.model_name")
    return next((attributes[name] for name in names if attributes.get(name)), None)


def input_messages(attributes: Mapping[str, str]) -> list[Message]:
    """What the model was asked, oldest first."""
    stated = _parsed(attributes, "gen_ai.input.messages") or _parsed(attributes, "gen_ai.prompt")
    if stated is not None:
        return list(_messages(stated))
    numbers = sorted(int(found[1]) for name in attributes if (found := _INPUT_ROLE.fullmatch(name)))
    told = [f"llm.input_messages.{number}.message" for number in numbers]
    return [
        Message(role=attributes[f"{name}.role"], text=text)
        for name in told
        if (text := attributes.get(f"{name}.content") or attributes.get(f"{name}.contents.0.message_content.text"))
    ]


def output_text(attributes: Mapping[str, str]) -> str | None:
    """What the model answered in words."""
    stated = _parsed(attributes, "gen_ai.output.messages")
    if stated is not None:
        return "\n".join(message.text for message in _messages(stated)) or None
    return attributes.get("llm.output_messages.0.message.content") or None


def tool_call(attributes: Mapping[str, str]) -> tuple[str | None, Payload, str | None]:
    """Name, arguments and result of a tool; the result is None where the span does not hold it."""
    name = attributes.get("gen_ai.tool.name") or attributes.get("tool.name")
    given = attributes.get("gen_ai.tool.call.arguments") or attributes.get("input.value") or ""
    result = attributes.get("gen_ai.tool.call.result")
    return name, parse_payload(given) or Payload(), attributes.get("output.value") if result is None else result


def _parsed(attributes: Mapping[str, str], name: str) -> Payload | None:
    found = parse_payload(attributes.get(name, ""))
    return found if found is not None and found.is_array() else None


def _messages(stated: Payload) -> Iterator[Message]:
    for item in stated.items():
        role = item.text("role")
        texts = [part.text("content") or part.text("text") for part in item.items("parts")]
        text = item.text("content") or "\n".join(text for text in texts if text)
        if role is not None and text:
            yield Message(role=role, text=text)
