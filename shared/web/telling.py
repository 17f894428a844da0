"""Schemas as they are lived: what pydantic knows and does not say, and bounds that hold for everything."""

from collections.abc import Iterator, Mapping
from typing import Any

_BOUNDS = {
    "ge": ("minimum", max),
    "gt": ("exclusiveMinimum", max),
    "le": ("maximum", min),
    "lt": ("exclusiveMaximum", min),
}
_LENGTHS = {"uuid": 36, "date": 10, "time": 15, "date-time": 40}
_INT32, _INT64 = 2**31 - 1, 2**63 - 1
_DEEPEST = 12


def complete(part: Any) -> None:
    """Say in JSON Schema what holds, in `part` and everything within."""
    if isinstance(part, list):
        for item in part:
            complete(item)
    elif isinstance(part, dict):
        _bounds(part)
        if isinstance(part.get("patternProperties"), dict):
            part.setdefault("additionalProperties", False)  # a key of another form is refused
        if part.get("type") == "string" and part.get("format") in _LENGTHS and "enum" not in part:
            part.setdefault("maxLength", _LENGTHS[part["format"]])
        if part.get("type") == "integer":
            _whole(part)
        for item in part.values():
            complete(item)


def _bounds(part: dict[str, Any]) -> None:
    """Bounds under the names of JSON Schema: pydantic leaves `ge` and its like behind a validator as they are."""
    for short, (name, tighter) in _BOUNDS.items():
        if isinstance(part.get(short), int | float):
            bound = part.pop(short)
            part[name] = tighter(part[name], bound) if name in part else bound
    for kept, other, tighter in (("exclusiveMinimum", "minimum", max), ("exclusiveMaximum", "maximum", min)):
        if isinstance(part.get(kept), int | float) and isinstance(part.get(other), int | float):
            looser = other if tighter(part[kept], part[other]) == part[kept] else kept
            del part[looser]


def _whole(part: dict[str, Any]) -> None:
    """No whole number of this house is beyond 64 bits."""
    if "exclusiveMinimum" not in part:
        part.setdefault("minimum", -_INT64 - 1)
    if "exclusiveMaximum" not in part:
        part.setdefault("maximum", _INT64)
    part.setdefault("format", "int32" if part.get("maximum", _INT64) <= _INT32 else "int64")


def without_null_in_text(operation: Mapping[str, Any], schemas: Mapping[str, Any]) -> None:
    """A query, a header and a form are text and have no null: what is not there is left out."""
    told = [parameter["schema"] for parameter in operation.get("parameters", ())]
    for media_type, content in _bodies(operation):
        if not media_type.endswith("json"):
            told.extend(_resolved(content["schema"], schemas)["properties"].values())
    for schema in told:
        present = [branch for branch in schema.get("anyOf", ()) if branch.get("type") != "null"]
        if len(present) == 1:
            del schema["anyOf"]
            schema |= {name: value for name, value in present[0].items() if name not in schema}


def give_examples(operation: Mapping[str, Any], schemas: Mapping[str, Any]) -> None:
    """A whole body for each operation that takes one, put together from the examples of its fields."""
    for media_type, content in _bodies(operation):
        if media_type.endswith("json") and not content.keys() & {"example", "examples"}:
            content["example"] = example(content["schema"], schemas)


def example(schema: Mapping[str, Any], schemas: Mapping[str, Any], depth: int = 0) -> Any:
    """A value that fits `schema`: its own example, or one made of its required parts."""
    whole = _resolved(schema, schemas)
    for told in (schema, whole):
        if told.get("examples"):
            return told["examples"][0]
    if "const" in whole or "default" in whole:
        return whole.get("const", whole.get("default"))
    if "properties" in whole and depth < _DEEPEST:
        names = (
            whole.get("required") or [name for name, told in whole["properties"].items() if told.get("examples")][:1]
        )
        return {name: example(whole["properties"][name], schemas, depth + 1) for name in names}
    if whole.get("type") == "array" and depth < _DEEPEST:
        return [example(whole["items"], schemas, depth + 1)] if whole.get("minItems") else []
    return next(iter(whole.get("enum", [None])))


def _bodies(operation: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    yield from operation.get("requestBody", {}).get("content", {}).items()


def _resolved(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema behind references and behind «or null»."""
    while True:
        present = [branch for branch in schema.get("anyOf", schema.get("oneOf", ())) if branch.get("type") != "null"]
        if "$ref" in schema:
            schema = schemas[schema["$ref"].rpartition("/")[2]]
        elif present and "properties" not in schema:
            schema = present[0]
        else:
            return schema
