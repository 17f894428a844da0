"""The answer when something is wrong: a problem document of RFC 9457."""

from pydantic import Field

from shared.schemas.base import Out


class ProblemField(Out):
    """One wrong place in what was sent."""

    pointer: str = Field(
        max_length=1000,
        description="JSON pointer into the body; `?name` for a query parameter, `#Name` for a header",
        examples=["/name/kk"],
    )
    code: str = Field(max_length=64, description="What is wrong there; never changes", examples=["string_too_long"])
    message: str = Field(
        max_length=2000, description="The same in the reader's language", examples=["Не длиннее 300 символов"]
    )


class ProblemDocument(Out):
    """Every answer of 400 and above (`application/problem+json`)."""

    type: str = Field(max_length=300, description="A page about this kind of problem", examples=["/problems/not_found"])
    title: str = Field(max_length=300, description="What kind of problem, in kk, ru or en", examples=["Не найдено"])
    status: int = Field(ge=400, le=599, description="The HTTP status", examples=[404])
    detail: str | None = Field(default=None, max_length=5000, description="What happened here, in kk, ru or en")
    instance: str | None = Field(default=None, max_length=2000, description="The path that was asked")
    code: str = Field(
        max_length=64, description="The kind of problem for programs; never changes", examples=["not_found"]
    )
    trace_id: str | None = Field(default=None, max_length=64, description="Give it to support; it finds the log lines")
    context: dict[str, str | int | float | bool | None] = Field(
        default_factory=dict, description="The variable parts of `detail`, for programs", examples=[{"limit": 20}]
    )
    errors: list[ProblemField] = Field(default_factory=list, max_length=200, description="Every wrong place at once")
