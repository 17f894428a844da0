"""The OpenAPI document as it is lived: every operation says which problems it answers and what it demands."""

from collections.abc import Iterator, Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from shared.schemas.problems import ProblemDocument
from shared.web import telling
from shared.web.problems import MEDIA_TYPE

_METHODS = ("get", "put", "post", "patch", "delete", "head", "options")
_MEANINGS = {
    "400": "The body cannot be read",
    "401": "The token is missing, wrong or expired",
    "403": "The caller's role or reach does not allow this",
    "404": "There is no such thing",
    "406": "There is no answer in the format asked for",
    "409": "What is already so forbids this",
    "410": "The thing is gone; the problem names its successors",
    "412": "The resource has changed since it was read",
    "413": "The body is too large",
    "415": "The body is not of a media type that is taken here",
    "422": "What was sent has mistakes in it; `errors` names every place",
    "428": "`If-Match` is required",
    "429": "Too many requests; see `Retry-After`",
    "500": "Something went wrong here",
    "503": "Overloaded, or the database is away; see `Retry-After`",
    "504": "The request did not finish in the time it has",
}
_RETRY_AFTER = {
    "Retry-After": {"description": "Seconds to wait", "schema": {"type": "integer", "minimum": 0, "maximum": 3600}}
}


def operation_id(route: APIRoute) -> str:
    """`list_organisations` → `listOrganisations`: one name for the handler, the document and generated clients."""
    first, *rest = route.name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def install(app: FastAPI, *, public_writes: tuple[str, ...]) -> None:
    """Give `app` the document of this house instead of FastAPI's."""

    def build() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _document(app, public_writes)
        return app.openapi_schema

    app.openapi = build  # type: ignore[method-assign] # the way FastAPI documents


def _document(app: FastAPI, public_writes: tuple[str, ...]) -> dict[str, Any]:
    document = get_openapi(
        title=app.title,
        version=app.version,
        summary=app.summary,
        description=app.description,
        routes=app.routes,
        tags=app.openapi_tags,
        servers=[{"url": "/", "description": "This service", "x-internal": False}],
        contact={"name": "Bilim", "url": "https://example.invalid/bilim"},
        license_info={"name": "MIT", "identifier": "MIT"},
    )
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    problem = ProblemDocument.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(problem.pop("$defs", {}))
    schemas["ProblemDocument"] = problem
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    for path, method, operation in _operations(document):
        _complete(path, method, operation, public_writes)
        telling.without_null_in_text(operation, schemas)
        telling.give_examples(operation, schemas)
    used = str(document["paths"])
    components["responses"] = {_name(status): _problem(status) for status in _MEANINGS if f"{_name(status)}'" in used}
    telling.complete(document)
    return document


def _operations(document: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in document.get("paths", {}).items():
        for method in _METHODS:
            if method in item:
                yield path, method, item[method]


def _complete(path: str, method: str, operation: dict[str, Any], public_writes: tuple[str, ...]) -> None:
    secured = bool(operation.get("security"))
    operation.setdefault("security", [])
    answers = operation.setdefault("responses", {})
    statuses = {"401", "422", "429", "500", "503", "504"}
    if secured or method != "get":
        statuses.add("403")
    if "{" in path:
        statuses.add("404")
    if "requestBody" in operation:
        statuses |= {"400", "413", "415"}
    if method != "get":
        statuses |= {"400", "404", "409", "413"}
    parameters = {parameter.get("name", "").lower() for parameter in operation.get("parameters", ())}
    if "if-match" in parameters:
        statuses |= {"412", "428"}
        _require_if_match(operation["parameters"], always=not (method == "put" and "201" in answers))
    if method == "get":
        statuses |= {"406"}
    if method != "get" and not path.startswith(public_writes or ("\0",)):
        operation["security"] = operation["security"] or [{"bearer": []}]
    own = {status for status in answers if status[0] in "45" and "content" not in answers[status]}
    for status in sorted(statuses | own):
        answers[status] = {"$ref": f"#/components/responses/{_name(status)}"}
    if "422" in answers and "HTTPValidationError" in str(answers["422"]):
        answers["422"] = {"$ref": f"#/components/responses/{_name('422')}"}


def _require_if_match(parameters: list[dict[str, Any]], *, always: bool) -> None:
    """To the handler the header is optional, so that it can answer 428; to the caller it is not, unless a PUT may also
    make what is not there yet.
    """
    for parameter in parameters:
        if parameter.get("name", "").lower() == "if-match":
            text: dict[str, Any] = next(
                (one for one in parameter["schema"].get("anyOf", ()) if one.get("type") == "string"), {}
            )
            parameter["required"] = always
            parameter["schema"] = {**text, "minLength": 1, "examples": parameter["schema"].get("examples", ['"3"'])}


def _name(status: str) -> str:
    return f"Problem{status}"


def _problem(status: str) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "description": _MEANINGS[status],
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDocument"}}},
    }
    if status in {"429", "503"}:
        answer["headers"] = _RETRY_AFTER
    return answer
