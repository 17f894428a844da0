"""Fields of requests that cost little to read, and whose mistakes are told cheaply, however many there are.

A body of 1 MiB can hold a hundred thousand unknown names. pydantic finds them in 30 ms; making a dictionary of each
took FastAPI 2.3 s, during which the process answered nobody.

Of each field of a query model FastAPI asks anew with each request whether it is a list: 0.3 ms of a list with thirty
filters, which itself takes 2.
"""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from fastapi._compat import ModelField, field_annotation_is_sequence
from fastapi.dependencies import utils
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, _effective_route_context_var
from pydantic import ValidationError

MOST_FINDINGS = 200
"""More are not looked at: no problem document names more."""


class FrugalField(ModelField):
    """A field that tells its first mistakes only."""

    def validate(
        self, value: Any, values: Mapping[str, Any] | None = None, *, loc: tuple[int | str, ...] = ()
    ) -> tuple[Any, list[dict[str, Any]]]:
        try:
            return self._type_adapter.validate_python(value, from_attributes=True), []
        except ValidationError as error:
            return None, [{**finding, "loc": (*loc, *finding["loc"])} for finding in first_findings(error)]


@lru_cache(maxsize=4096)
def _is_sequence(annotation: Any) -> bool:
    return field_annotation_is_sequence(annotation)


def is_sequence(annotation: Any) -> bool:
    """Whether a field of this type takes several values."""
    try:
        return _is_sequence(annotation)
    except TypeError:  # what is not hashable cannot be remembered
        return field_annotation_is_sequence(annotation)


def first_findings(error: ValidationError) -> list[dict[str, Any]]:
    """The first `MOST_FINDINGS` of what is wrong, without the input."""
    if error.error_count() <= MOST_FINDINGS:
        return [dict(finding) for finding in error.errors(include_url=False, include_input=False)]
    text = error.json(include_url=False, include_input=False)
    decoder = json.JSONDecoder()
    findings: list[dict[str, Any]] = []
    place = 1
    while len(findings) < MOST_FINDINGS:
        finding, end = decoder.raw_decode(text, place)
        findings.append(finding)
        place = end + 1
    return findings


def make_frugal(route: APIRoute) -> None:
    """Put frugal fields in place of FastAPI's in what a route is about to serve.

    FastAPI builds the routes of a router when one of them is first asked for; so does this, or each start of a service
    would build hundreds.
    """
    utils.field_annotation_is_sequence = is_sequence  # type: ignore[attr-defined] # not meant for others, but the place
    context = _effective_route_context_var.get()
    served = context if context is not None and context.original_route is route else route
    _replace(served.dependant)


def _replace(dependant: Dependant) -> None:
    for fields in (dependant.body_params, dependant.query_params):
        fields[:] = map(_frugal, fields)
    for inner in dependant.dependencies:
        _replace(inner)


def _frugal(field: ModelField) -> FrugalField:
    """The same field with the same (costly) adapter."""
    made = FrugalField.__new__(FrugalField)
    made.__dict__.update(field.__dict__)
    return made
