"""What the document forbids the code refuses: no true for 1, no "7" for 7, no 0 for a day."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, get_args

import jsonschema_rs
import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from pydantic import BaseModel, TypeAdapter, ValidationError

from shared.schemas.base import stays
from tests.support.apps import build_app

VALUES: list[Any] = [
    *(True, False, 0, 1, -1, 1.0, 1.5, 1e300, 2**70, -(2**70), None),
    *("", " ", "0", "1", "1.0", "true", "yes", "on", "null", "a", "\x00", "\x07", "x" * 200_000),
    *("2026-09-01", "2026-W01-1", "20260901", "1899-12-31", "2026-09-01T00:00:00", "2026-09-01T00:00:00Z"),
    *("09:00", "9:00", "09:00:00", "24:00", "750000000", "870101300123"),
    *([], {}, [1], [True], ["a"], [None], [[]], {"a": 1}, {"kk": 1}, {"kk": "a", "zz": "b"}, {"\x00": 1}),
]


@pytest.fixture(scope="module", params=["registry", "training", "rating"])
def app(request: pytest.FixtureRequest, local_key_file: Path) -> FastAPI:
    nowhere = "postgresql://nobody@127.0.0.1:9/none"
    environment = {f"{request.param.upper()}_DATABASE_URL": nowhere, "BILIM_LOCAL_KEY_FILE": str(local_key_file)}
    return build_app(request.param, environment)


def test_what_the_document_forbids_the_code_refuses(app: FastAPI) -> None:
    accepted = [
        f"{model.__name__}.{name} takes {str(value)[:60]!r}"
        for model, name, documented, coded in fields(app)
        for value in VALUES
        if not documented.is_valid(value) and takes(coded, value)
        if not (value is None and model.model_fields[name].json_schema_extra is stays)  # refused by the use case
    ]

    assert not accepted, "\n".join(accepted)


def test_what_the_document_allows_the_code_takes(app: FastAPI) -> None:
    refused = [
        f"{model.__name__}.{name} refuses {str(value)[:60]!r}"
        for model, name, documented, coded in fields(app)
        for value in VALUES
        if documented.is_valid(value) and not takes(coded, value)
    ]

    assert not refused, "\n".join(refused)


def fields(app: FastAPI) -> Iterator[tuple[type[BaseModel], str, Any, TypeAdapter[Any]]]:
    """Every field of every JSON body, as it is documented and as it is coded."""
    document = app.openapi()
    found: dict[type[BaseModel], None] = {}
    for route in iter_route_contexts(app.routes):
        body = getattr(route, "body_field", None)
        if body is not None:
            collect(body.field_info.annotation, found)
    for model in found:
        if not model.__name__.startswith("Body"):
            yield from of_model(model, document)


def of_model(
    model: type[BaseModel], document: Mapping[str, Any]
) -> Iterator[tuple[type[BaseModel], str, Any, TypeAdapter[Any]]]:
    schemas = document["components"]["schemas"]
    told = schemas.get(model.__name__, schemas.get(f"{model.__name__}-Input"))["properties"]
    for name, field in model.model_fields.items():
        schema = {**told[field.alias or name], "components": document["components"]}
        documented = jsonschema_rs.validator_for(schema, validate_formats=True)
        annotation: Any = Annotated[(field.annotation, *field.metadata)] if field.metadata else field.annotation
        yield model, name, documented, TypeAdapter(annotation)


def collect(annotation: Any, found: dict[type[BaseModel], None]) -> None:
    """The models inside an annotation, and those inside them."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        if annotation in found:
            return
        found[annotation] = None
        for field in annotation.model_fields.values():
            collect(field.annotation, found)
    for argument in get_args(annotation):
        collect(argument, found)


def takes(coded: TypeAdapter[Any], value: Any) -> bool:
    try:
        coded.validate_python(value)
    except ValidationError:
        return False
    return True
