"""Fixing the posts of a methodology on the wire."""

from uuid import UUID

from pydantic import Field

from shared.schemas.base import In, Out
from shared.schemas.rating.methodology import MethodologyDocument


class FreezeCreate(In):
    """From whose data the posts are taken."""

    run_id: UUID = Field(
        description="A finished run whose snapshot is the population", examples=["01a20034-2d1f-7898-9107-6c99dd5368c3"]
    )


class FrozenGoalposts(Out):
    """The document with the posts written into it, ready to be written down as the next version."""

    document: MethodologyDocument = Field(description="The methodology with a fixed scale")
    run_id: UUID = Field(description="The run whose data gave the posts")
    frozen: list[str] = Field(
        description="Indicators whose scale was taken from the population before", max_length=500, examples=[["ENERGY"]]
    )
