"""Lists: one page at a time, in a stable order, with an opaque cursor to the next."""

from typing import Annotated, Generic, Literal, TypeVar

from pydantic import Field, StringConstraints

from shared.schemas.base import In, Out

Item = TypeVar("Item", bound=Out)


class PageQuery(In):
    """The parameters every list takes."""

    limit: int = Field(default=50, ge=1, le=200, description="How many items at most", examples=[50])
    cursor: Annotated[str, StringConstraints(max_length=2000, pattern=r"^[A-Za-z0-9_\-]+\.[A-Za-z0-9_\-]+$")] | None = (
        Field(default=None, description="Where to go on: `next_cursor` of the page before")
    )
    count: Literal["exact"] | None = Field(default=None, description="`exact` adds `total` to the answer")


class Page(Out, Generic[Item]):
    """One page of a list."""

    items: list[Item] = Field(description="The items of this page, in order", max_length=200)
    next_cursor: str | None = Field(default=None, description="Give it back as `cursor`; null on the last page")
    total: int | None = Field(default=None, ge=0, description="How many items there are, if `count=exact` was asked")
