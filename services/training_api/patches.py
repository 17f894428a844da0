"""What a merge patch changes: the fields it names, and null only where null means something."""

from typing import Any

from pydantic import BaseModel

from shared.errors import Text, Unprocessable


class FieldRequired(Unprocessable):
    """A field that always has a value was set to null."""

    code = "field_required"
    title = Text(kk="Бұл өріс бос болмайды", ru="Это поле не может быть пустым", en="This field cannot be null")


def changes(patch: BaseModel, *, nullable: frozenset[str] = frozenset()) -> dict[str, Any]:
    """The fields that the patch names, with their values. Raises `FieldRequired` for a null that is not `nullable`."""
    named = {name: getattr(patch, name) for name in patch.model_fields_set}
    for name, value in sorted(named.items()):
        if value is None and name not in nullable:
            raise FieldRequired(pointer=f"/{name}")
    return named
