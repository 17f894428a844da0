"""Problems at rest: a failed job keeps its problem in all languages and shows it in the reader's."""

from collections.abc import Mapping
from typing import Any

from shared.errors import Problem, Text
from shared.schemas.problems import ProblemDocument

_MOST_ERRORS = 200
"""The document shows no more; an import's full list belongs in its report."""


def stored(problem: Problem) -> dict[str, Any]:
    """The problem as JSON, its sentences filled, in kk, ru and en."""
    return {
        "code": problem.code,
        "status": problem.status,
        "title": problem.title.filled(problem.values)._asdict(),
        "detail": problem.detail.filled(problem.values)._asdict() if problem.detail else None,
        "context": dict(problem.values),
        "errors": [
            {"pointer": error.pointer, "code": error.code, "message": error.message._asdict()}
            for error in problem.errors[:_MOST_ERRORS]
        ],
    }


def shown(problem: Mapping[str, Any], language: str) -> ProblemDocument:
    """The stored problem as a document in `kk`, `ru` or `en`."""

    def said(text: Mapping[str, str]) -> str:
        return Text(**text).in_language(language)

    return ProblemDocument(
        type=f"/problems/{problem['code']}",
        title=said(problem["title"]),
        status=problem["status"],
        detail=said(problem["detail"]) if problem["detail"] else None,
        code=problem["code"],
        context=problem["context"],
        errors=[{**error, "message": said(error["message"])} for error in problem["errors"]],
    )
