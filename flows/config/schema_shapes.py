"""What the parts of the JSON Schema are made of."""

from typing import Any

Schema = dict[str, Any]

TEXT: Schema = {"type": "string", "pattern": r"\S"}
TEXTS: Schema = {"anyOf": [TEXT, {"type": "array", "items": TEXT, "minItems": 1}]}


def mapping(properties: Schema, required: tuple[str, ...] = ()) -> Schema:
    shape: Schema = {"type": "object", "additionalProperties": False, "properties": properties}
    return shape | ({"required": list(required)} if required else {})


def or_nothing(shape: Schema) -> Schema:
    """The shape, or an empty value: a key whose examples are all commented out."""
    if "type" in shape:
        return shape | {"type": [shape["type"], "null"]}
    return shape | {"anyOf": [*shape["anyOf"], {"type": "null"}]}


def said(shape: Schema, description: str) -> Schema:
    return shape | {"description": description}
