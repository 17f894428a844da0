"""Fields of requests that cost little to read, and whose mistakes are told cheaply, however many there are.

A body of 1 MiB can hold a hundred thousand unknown names. pydantic finds them in 30 ms; making a dictionary of each
took FastAPI 2.3 s, during which the process answered nobody.

FastAPI looks for each field of a query model in each request, and asks anew whether it is a list: half a millisecond
for thirty filters of which two were sent, a quarter of what the list itself costs.
"""

import json
from collections.abc import Hashable, Mapping
from functools import lru_cache
from typing import Any, cast

from fastapi._compat import ModelField, field_annotation_is_sequence, get_cached_model_fields
from fastapi.dependencies import utils
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, _effective_route_context_var
from pydantic import BaseModel, ValidationError
from starlette.datastructures import QueryParams

_read_model = utils._request_param_model_to_args
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


@lru_cache(maxsize=1024)
def _lists_of(model: Any) -> frozenset[str] | None:
    """Which parameters of a query model take several values; None for a model that has other names for its fields."""
    fields = get_cached_model_fields(model)
    if any(
        field.alias != field.name or field.field_info.validation_alias not in (None, field.name) for field in fields
    ):
        return None
    return frozenset(field.name for field in fields if field_annotation_is_sequence(field.field_info.annotation))


def read_model(
    model_field: ModelField, model: type[BaseModel], received_params: Mapping[str, Any]
) -> tuple[Any, list[Any]]:
    """The query model of a request, out of what was sent: what was not sent is not asked after."""
    lists = _lists_of(cast(Hashable, model)) if model_field.field_info.annotation is model else None
    if lists is None or not isinstance(received_params, QueryParams):
        return _read_model(model_field, model, received_params)
    sent: dict[str, Any] = {}
    known = model.model_fields
    for name, value in received_params.multi_items():
        if name in lists or (name in sent and name not in known):
            former = sent.setdefault(name, [])
            sent[name] = [*former, value] if isinstance(former, list) else [former, value]
        else:
            sent[name] = value
    return utils._validate_value_with_model_field(field=model_field, value=sent, values={}, loc=("query",))


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
    utils._request_param_model_to_args = read_model
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
