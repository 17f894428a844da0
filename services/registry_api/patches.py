"""JSON Merge Patch (RFC 7396) upon a document that a schema describes: what comes of it is checked as a whole."""

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import ValidationError

from services.registry_api.organisations.rules import merge
from shared.errors import FieldError, Text, Unprocessable
from shared.schemas.base import In

M = TypeVar("M", bound=In)
_FIELD_WRONG = Text(kk="Өріс жарамсыз", ru="Поле неверно", en="The field is wrong")


class PatchRefused(Unprocessable):
    """With the change the thing would no longer be one."""

    code = "patch_refused"
    title = Text(
        kk="Өзгерістен кейін жазба дұрыс болмайды",
        ru="С таким изменением запись станет неверной",
        en="With this change the record would be wrong",
    )


def patched(model: type[M], document: Mapping[str, Any], patch: In) -> M:
    """What `document` describes after the patch. Raises `PatchRefused` with a pointer to each wrong field."""
    merged = merge(document, patch.model_dump(mode="json", exclude_unset=True))
    try:
        return model.model_validate(merged)
    except ValidationError as error:
        found = error.errors(include_input=False, include_url=False)
        raise PatchRefused(errors=[_field_error(fault) for fault in found]) from None


def _field_error(fault: Mapping[str, Any]) -> FieldError:
    told = fault.get("ctx") or {}
    message = Text(told["kk"], told["ru"], told["en"]) if {"kk", "ru", "en"} <= told.keys() else _FIELD_WRONG
    return FieldError("/" + "/".join(str(step) for step in fault["loc"]), fault["type"], message)
