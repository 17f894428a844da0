"""Every answer of 400 and above is a problem document (RFC 9457) in the reader's language; none repeats the input."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from shared.db.failures import Failure, Kind, classify, conceal
from shared.errors import Problem
from shared.observability.context import current_trace_id
from shared.web import errors, languages
from shared.web.validation import field_errors

MEDIA_TYPE = "application/problem+json"
MOST_ERRORS = 200
"""A document names no more wrong places than this, however many there are."""
_LONG_NUMBER = re.compile(r"\d{12}")
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Rendered:
    status: int
    headers: dict[str, str]
    body: bytes


def type_of(code: str) -> str:
    """The address of the page about a kind of problem, on the same host as the answer."""
    return f"/problems/{code}"


def document(problem: Problem, *, language: languages.Language, instance: str | None) -> dict[str, Any]:
    """The problem as the caller reads it."""
    return {
        "type": type_of(problem.code),
        "title": problem.title.filled(problem.values).in_language(language),
        "status": problem.status,
        "detail": problem.detail.filled(problem.values).in_language(language) if problem.detail else None,
        "instance": _LONG_NUMBER.sub("…", instance)[:500] if instance else None,
        "code": problem.code,
        "trace_id": current_trace_id(),
        "context": problem.values,
        "errors": [
            {"pointer": error.pointer, "code": error.code, "message": error.message.in_language(language)}
            for error in problem.errors[:MOST_ERRORS]
        ],
    }


def _render(scope: Scope, problem: Problem) -> _Rendered:
    language = languages.of_scope_headers(scope.get("headers", ()))
    content = document(problem, language=language, instance=scope.get("path"))
    headers = {
        "Content-Type": MEDIA_TYPE,
        "Content-Language": language,
        "Cache-Control": "no-store",
        "Vary": "Accept-Language",
        **problem.headers,
    }
    if problem.status in {429, 503} and "Retry-After" not in headers:
        headers["Retry-After"] = "1"
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    return _Rendered(problem.status, headers, body)


def response(request: Request, problem: Problem) -> Response:
    """The problem as an answer to `request`."""
    rendered = _render(request.scope, problem)
    return Response(rendered.body, status_code=rendered.status, headers=rendered.headers)


async def refuse(scope: Scope, receive: Receive, send: Send, problem: Problem) -> None:
    """Answer with a problem from a middleware, before there is a request."""
    rendered = _render(scope, problem)
    await Response(rendered.body, status_code=rendered.status, headers=rendered.headers)(scope, receive, send)


_BY_KIND: dict[Kind, type[Problem]] = {
    Kind.UNIQUE: errors.AlreadyExists,
    Kind.FOREIGN_KEY: errors.ReferenceBroken,
    Kind.CHECK: errors.RuleBroken,
    Kind.EXCLUSION: errors.RuleBroken,
    Kind.NOT_NULL: errors.RuleBroken,
    Kind.STALE: errors.PreconditionFailed,
    Kind.INVALID_VALUE: errors.ValidationFailed,
    Kind.CONTENTION: errors.DatabaseBusy,
    Kind.TIMEOUT: errors.DatabaseBusy,
    Kind.UNAVAILABLE: errors.DatabaseUnavailable,
    Kind.FULL: errors.DatabaseUnavailable,
    Kind.READ_ONLY: errors.DatabaseUnavailable,
}


def of_database(failure: Failure) -> Problem:
    """What a caller is told of a database failure: the rule that was broken by its name, never a row."""
    kind = _BY_KIND.get(failure.kind, errors.Internal)
    headers = {"Retry-After": str(round(failure.retry_after.total_seconds()))} if failure.retry_after else None
    if failure.constraint and kind.status == 409:
        return kind(headers=headers, constraint=failure.constraint)
    return kind(headers=headers)


def of_exception(error: BaseException) -> Problem:
    """The problem behind any exception at all; what nobody foresaw is `internal` and goes to the log with its trace."""
    if isinstance(error, Problem):
        return error
    failure = classify(error)
    if failure is not None:
        conceal(error)
        problem = of_database(failure)
        if problem.status >= 500:
            _log.warning(
                "database_failure", kind=failure.kind, sqlstate=failure.sqlstate, exc_info=problem.status == 500
            )
        return problem
    _log.error("unexpected", exc_info=error)
    return errors.Internal()


_BY_STATUS: dict[int, type[Problem]] = {
    400: errors.BodyUnreadable,
    404: errors.PathUnknown,
    405: errors.MethodNotAllowed,
    406: errors.NotAcceptable,
    413: errors.BodyTooLarge,
    415: errors.MediaTypeUnsupported,
    503: errors.Overloaded,
}


def _of_http_exception(error: HTTPException, allowed: Callable[[str], list[str]], path: str) -> Problem:
    cause = error.__cause__
    while cause is not None:  # FastAPI wraps what it meets while it reads a body
        if isinstance(cause, Problem):
            return cause
        cause = cause.__cause__
    headers = dict(error.headers or {})
    if error.status_code == 405:
        headers["Allow"] = ", ".join(allowed(path))
        return errors.MethodNotAllowed(headers=headers)
    kind = _BY_STATUS.get(error.status_code)
    if kind is errors.BodyTooLarge or kind is None:
        kind = errors.BodyUnreadable if error.status_code < 500 else errors.Internal
    return kind(headers=headers)


def _of_validation(request: Request, error: RequestValidationError) -> Problem:
    findings = error.errors()
    kinds = {finding["type"] for finding in findings[:1]}
    if kinds == {"json_invalid"}:
        return errors.BodyUnreadable(pointer="")
    if _body_came_as_another_type(request, findings):
        return errors.MediaTypeUnsupported()
    route = request.scope.get("route")
    return errors.ValidationFailed(
        errors=field_errors(findings, route if isinstance(route, APIRoute) else None, error.body)
    )


def _body_came_as_another_type(request: Request, findings: Any) -> bool:
    """FastAPI hands a body of another media type to pydantic as bytes, which then wonders why it is no object."""
    if not any(tuple(finding.get("loc", ())) == ("body",) for finding in findings[:5]):
        return False
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    has_body = request.headers.get("content-length", "0") != "0" or "transfer-encoding" in request.headers
    is_json = media_type == "application/json" or (
        media_type.startswith("application/") and media_type.endswith("+json")
    )
    return has_body and not is_json and not media_type.startswith("multipart/")


def install(app: FastAPI, *, allowed: Callable[[str], list[str]]) -> None:
    """Make `app` answer every error with a problem document; `allowed` tells the methods an address takes."""

    async def on_problem(request: Request, error: Exception) -> Response:
        return response(request, of_exception(error))

    async def on_http_exception(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        return response(request, _of_http_exception(error, allowed, request.scope["path"]))

    async def on_validation(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        return response(request, _of_validation(request, error))

    app.add_exception_handler(Problem, on_problem)
    app.add_exception_handler(HTTPException, on_http_exception)
    app.add_exception_handler(RequestValidationError, on_validation)
