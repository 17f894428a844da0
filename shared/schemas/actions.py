"""What may be done to a thing, and why the rest may not."""

from pydantic import Field

from shared.schemas.base import Out, TextOut


class RefusedAction(Out):
    """An action that is not possible now, and why."""

    action: str = Field(description="What cannot be done", max_length=64, examples=["accept"])
    code: str = Field(description="Why not, by its code", max_length=64, examples=["wrong_state"])
    message: TextOut = Field(
        description="Why not, in words", examples=[{"en": "This can be done from these states only: offered"}]
    )
