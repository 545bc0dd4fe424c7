"""Reads a request as the API does: what it cannot take is refused with the API's own kind of error."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias, cast, get_type_hints

from anthropic.types.message_count_tokens_params import MessageCountTokensParams
from anthropic.types.message_create_params import MessageCreateParamsNonStreaming

Json: TypeAlias = Mapping[str, object]

CHARACTERS_PER_TOKEN = 4
_UNSUPPORTED_KEYWORDS = frozenset(
    {
        *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength"),
        *("maxItems", "uniqueItems", "minProperties", "maxProperties", "patternProperties", "not", "if", "oneOf"),
    }
)
"""What structured output does not take (read in the SDK: it moves them into descriptions)."""


class BadRequestError(Exception):
    """The API answers 400 with these words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request as the model sees it."""

    model: str
    system: str
    user: str
    schema: Json | None
    """Of structured output; None where plain text is asked for."""
    max_tokens: int
    is_cached: bool
    """The system part carries a cache marker."""

    @property
    def system_tokens(self) -> int:
        """Tokens of the part that may be cached."""
        return tokens(self.system)

    @property
    def input_tokens(self) -> int:
        """Tokens of everything."""
        return tokens(self.system) + tokens(self.user)


def tokens(text: str) -> int:
    """An estimate, as everywhere: the API's own counts differ."""
    return -(-len(text) // CHARACTERS_PER_TOKEN)


def read_asked(body: object, *, is_count: bool = False) -> Asked:
    """The request of a decoded body.

    Raises:
        BadRequestError: the API would answer 400.
    """
    fields = _mapping(body, "the body")
    known = get_type_hints(MessageCountTokensParams if is_count else MessageCreateParamsNonStreaming)
    for key in fields:
        if key not in known:
            raise BadRequestError(f"{key}: Extra inputs are not permitted")
    model, most = fields.get("model"), fields.get("max_tokens", 1 if is_count else None)
    if not isinstance(model, str) or not model:
        raise BadRequestError("model: Field required")
    if not isinstance(most, int) or isinstance(most, bool) or most < 1:
        raise BadRequestError("max_tokens: Input should be an integer greater than or equal to 1")
    system, is_cached = _system(fields.get("system", ""))
    return Asked(
        model=model,
        system=system,
        user=_messages(fields.get("messages")),
        schema=_schema(fields.get("output_config")),
        max_tokens=most,
        is_cached=is_cached,
    )


def _mapping(value: object, name: str) -> Json:
    if not isinstance(value, dict):
        raise BadRequestError(f"{name}: Input should be an object")
    return cast(Json, value)


def _list(value: object, name: str) -> Sequence[object]:
    if not isinstance(value, list):
        raise BadRequestError(f"{name}: Input should be a valid list")
    return cast("list[object]", value)


def _system(value: object) -> tuple[str, bool]:
    if isinstance(value, str):
        return value, False
    blocks = [_mapping(block, "system") for block in _list(value, "system")]
    return "".join(_text(block, "system") for block in blocks), any(block.get("cache_control") for block in blocks)


def _messages(value: object) -> str:
    messages = [_mapping(message, "messages") for message in _list(value, "messages")]
    if not messages or messages[0].get("role") != "user":
        raise BadRequestError("messages: at least one message is required, the first by the user")
    content = messages[-1].get("content")
    if messages[-1].get("role") != "user":
        raise BadRequestError("messages: the last one must be the user's; prefilling is not supported")
    text = (
        content
        if isinstance(content, str)
        else "".join(_text(_mapping(one, "content"), "content") for one in _list(content, "content"))
    )
    if not text.strip():
        raise BadRequestError("messages: text content blocks must be non-empty")
    return text


def _text(block: Json, name: str) -> str:
    text = block.get("text")
    if block.get("type") != "text" or not isinstance(text, str) or not text:
        raise BadRequestError(f"{name}: text content blocks must be non-empty")
    return text


def _schema(value: object) -> Json | None:
    if value is None:
        return None
    form = _mapping(value, "output_config").get("format")
    if form is None:
        return None
    form = _mapping(form, "output_config.format")
    if form.get("type") != "json_schema":
        raise BadRequestError("output_config.format.type: Input should be 'json_schema'")
    schema = _mapping(form.get("schema"), "output_config.format.schema")
    _check_schema(schema, "schema")
    return schema


def _check_schema(schema: Json, place: str) -> None:
    for keyword in schema:
        if keyword in _UNSUPPORTED_KEYWORDS:
            raise BadRequestError(f"output_config.format.{place}: '{keyword}' is not supported")
    if schema.get("type") == "object":
        if schema.get("additionalProperties") is not False:
            raise BadRequestError(f"output_config.format.{place}: 'additionalProperties' must be false")
        properties = _mapping(schema.get("properties", {}), place)
        for name, inner in properties.items():
            _check_schema(_mapping(inner, place), f"{place}.{name}")
    for group in ("$defs",):
        for name, inner in _mapping(schema.get(group, {}), place).items():
            _check_schema(_mapping(inner, place), f"{group}.{name}")
    if "items" in schema:
        _check_schema(_mapping(schema["items"], place), f"{place}[]")
    for inner in _list(schema.get("anyOf", []), place):
        _check_schema(_mapping(inner, place), place)
