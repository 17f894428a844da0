"""Bodies are looked through for children before anything else: what tells one from another is not accepted."""

from fastapi import Depends, Request

from services.registry_api.clubs import errors, rules
from shared.errors import FieldError


async def _no_children(request: Request) -> None:
    try:
        document = await request.json()
    except (ValueError, RecursionError):
        return  # no JSON, which the check of the body's form says better
    if found := rules.of_children(document):
        refusal = errors.FieldNotAccepted
        raise refusal(errors=[FieldError(pointer, refusal.code, refusal.title) for pointer in found])


WithoutChildren = Depends(_no_children)
"""`dependencies=[WithoutChildren]`: 422 `field_not_accepted` with a pointer to each such field."""
