"""Draws a value that a JSON schema allows: always the same one for the same prompt."""

import random
from collections.abc import Mapping, Sequence
from typing import cast

from tests.scripted_model.request import Asked, Json

_SENTENCE = "the change breaks a test because it does not keep to what the code around it does and this is how it fails"


def sampled(asked: Asked) -> object:
    """A value for the request's schema, drawn by model and prompt."""
    if asked.schema is None:
        return _SENTENCE
    schema = asked.schema
    return _value(schema, random.Random(f"{asked.model}\0{asked.system}\0{asked.user}"), _definitions(schema))


def _definitions(schema: Json) -> Json:
    return cast(Json, schema.get("$defs", {}))


def _value(schema: Json, chance: random.Random, definitions: Json) -> object:
    if "$ref" in schema:
        return _value(cast(Json, definitions[str(schema["$ref"]).rsplit("/", 1)[-1]]), chance, definitions)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return chance.choice(cast(Sequence[object], schema["enum"]))
    if "anyOf" in schema:
        return _value(chance.choice(cast(Sequence[Json], schema["anyOf"])), chance, definitions)
    match schema.get("type"):
        case "object":
            properties = cast(Mapping[str, Json], schema.get("properties", {}))
            return {name: _value(inner, chance, definitions) for name, inner in properties.items()}
        case "array":
            inner = cast(Json, schema["items"])
            return [_value(inner, chance, definitions) for _ in range(chance.randint(1, 3))]
        case "boolean":
            return chance.random() < 0.5
        case "integer":
            return chance.randint(0, 100)
        case "number":
            return chance.random()
        case "null":
            return None
        case _:
            return " ".join(chance.choices(_SENTENCE.split(), k=chance.randint(4, 12)))
