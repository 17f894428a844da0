"""pydantic's findings in kk, ru and en, with a pointer, a suggestion for a misspelt name, and never the input."""

import difflib
import re
import typing
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from pydantic import BaseModel

from shared.errors import FieldError, Text
from shared.web.messages import MESSAGES, UNKNOWN, UNKNOWN_WITH_SUGGESTION, WRONG

MOST_ERRORS = 50
_SAFE_NAME = re.compile(r"[^\w.\-\[\]$ ]")
_LONG_NUMBER = re.compile(r"\d{12}")
_PLACES = {"body": "/", "query": "?", "header": "#", "path": "{", "cookie": "#Cookie:"}


def field_errors(findings: Sequence[Mapping[str, Any]], route: APIRoute | None, body: Any = None) -> list[FieldError]:
    """Findings of pydantic as field errors; at most `MOST_ERRORS`, so that a hostile body gets a short answer."""
    return [_field_error(finding, route, body) for finding in findings[:MOST_ERRORS]]


def pointer(location: Sequence[int | str]) -> str:
    """Where a finding is: `/name/kk` in the body, `?limit`, `#If-Match`, `{organisation_id}`.

    >>> pointer(("body", "name", "kk")), pointer(("query", "limit")), pointer(("path", "id")), pointer(("body",))
    ('/name/kk', '?limit', '{id}', '')
    """
    if not location:
        return ""
    place, *rest = location
    steps = [_safe(step) for step in rest if not _is_union_branch(step)]
    if place == "body":
        return "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in steps)
    name = "/".join(steps)
    return f"{{{name}}}" if place == "path" else _PLACES.get(str(place), "/") + name


def _safe(step: int | str) -> str:
    return _LONG_NUMBER.sub("…", _SAFE_NAME.sub("?", str(step)[:100]))


def _is_union_branch(step: int | str) -> bool:
    """pydantic puts the tried branch of a union into the location: `function-before[…]`, `constrained-str`, `Leaf`."""
    return isinstance(step, str) and ("[" in step or step.startswith(("function-", "constrained-")))


def _in_body(location: Sequence[int | str], body: Any, *, names_an_absence: bool) -> tuple[int | str, ...]:
    """The location without the tags of unions (`goalposts`, `leaf`), which are no places in what was sent.

    >>> _in_body(("body", "tree", "node", "weight"), {"tree": {"weight": -1}}, names_an_absence=False)
    ('body', 'tree', 'weight')
    >>> _in_body(("body", "cuts", "low"), {"kind": "cuts", "cuts": [], "low": -1}, names_an_absence=False)
    ('body', 'low')
    """
    if not location or location[0] != "body" or not isinstance(body, dict | list):
        return tuple(location)
    kept: list[int | str] = ["body"]
    reached: Any = body
    for place, step in enumerate(location[1:], start=1):
        if isinstance(reached, dict):
            rest = location[place + 1 :]
            is_tag = step == reached.get("kind") and bool(rest) and (rest[0] in reached or names_an_absence)
            is_there = step in reached and not is_tag
        else:
            is_there = isinstance(reached, list) and isinstance(step, int) and step < len(reached)
        if is_there:
            reached = reached[step]
        elif not (names_an_absence and place == len(location) - 1):
            continue
        kept.append(step)
    return tuple(kept)


def _field_error(finding: Mapping[str, Any], route: APIRoute | None, body: Any) -> FieldError:
    kind = str(finding.get("type", "value_error"))
    location = _in_body(tuple(finding.get("loc", ())), body, names_an_absence=kind == "missing")
    context: Mapping[str, Any] = finding.get("ctx") or {}
    if kind == "json_invalid":
        return FieldError("", kind, MESSAGES[kind])
    if kind == "extra_forbidden":
        return FieldError(pointer(location), "unknown_field", _unknown(location, route))
    if {"kk", "ru", "en"} <= context.keys():
        return FieldError(pointer(location), kind, Text(str(context["kk"]), str(context["ru"]), str(context["en"])))
    values = {name: str(value)[:200] for name, value in context.items() if name != "error"}
    try:
        message = MESSAGES.get(kind, WRONG).filled(values)
    except KeyError:
        message = WRONG
    return FieldError(pointer(location), kind, message)


def _unknown(location: Sequence[int | str], route: APIRoute | None) -> Text:
    known = sorted(_known_names(location, route)) if route is not None else []
    close = difflib.get_close_matches(_safe(location[-1]), known, n=1, cutoff=0.6) if location else []
    return UNKNOWN_WITH_SUGGESTION.filled({"suggestion": close[0]}) if close else UNKNOWN


def _known_names(location: Sequence[int | str], route: APIRoute) -> Iterable[str]:
    """The names that would have been right where `location` is wrong."""
    if not location:
        return []
    place = location[0]
    if place == "query":
        return query_names(route.dependant)
    if place == "body" and route.body_field is not None:
        model = _model_of(route.body_field.field_info.annotation)
        for step in location[1:-1]:
            if model is None:
                return []
            if isinstance(step, str) and step in model.model_fields:
                model = _model_of(model.model_fields[step].annotation)
        return model.model_fields if model else []
    return []


def query_names(dependant: Dependant) -> set[str]:
    """The query parameters that a route and what it depends on take."""
    names: set[str] = set()
    for parameter in dependant.query_params:
        model = _model_of(parameter.field_info.annotation)
        names.update(model.model_fields if model else (parameter.alias,))
    return names.union(*map(query_names, dependant.dependencies))


def has_query_model(dependant: Dependant) -> bool:
    """Whether a model takes the whole query string."""
    return any(_model_of(parameter.field_info.annotation) for parameter in dependant.query_params) or any(
        map(has_query_model, dependant.dependencies)
    )


def unknown_parameters(names: Iterable[str], route: APIRoute) -> list[FieldError]:
    """A finding for each query parameter that `route` does not take."""
    return [
        FieldError(pointer(location), "unknown_field", _unknown(location, route))
        for location in [("query", name) for name in names][:MOST_ERRORS]
    ]


def _model_of(annotation: Any) -> type[BaseModel] | None:
    """The first pydantic model inside an annotation such as `Model | None` or `list[Model]`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for argument in typing.get_args(annotation):
        if (found := _model_of(argument)) is not None:
            return found
    return None
