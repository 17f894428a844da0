"""One organisation in two forms: the document that callers read and write, and the columns of a state."""

from collections.abc import Mapping
from typing import Any

from shared.alphabet import school_number, search_key, sort_key
from shared.schemas.registry.organisations import OrganisationAttributes

LONGEST_SORT_KEY = 400
"""Characters: an index entry has to fit into a third of a page, whatever somebody writes into a name."""

_LANGUAGES = ("kk", "ru", "en")
_PLAIN = (
    "type",
    "kind",
    "ownership",
    "legal_form",
    "levels",
    "languages_of_instruction",
    "setting",
    "multigrade",
    "boarding",
    "selective",
    "shift_count",
    "design_capacity",
    "programme_tags",
    "parent_id",
)
_INSIDE = {
    **{f"name_{language}": ("name", language) for language in _LANGUAGES},
    **{f"short_name_{language}": ("short_name", language) for language in _LANGUAGES},
    **{f"address_{language}": ("address", language) for language in _LANGUAGES},
    "latitude": ("location", "latitude"),
    "longitude": ("location", "longitude"),
    "phone": ("contacts", "phone"),
    "email": ("contacts", "email"),
    "website": ("contacts", "website"),
    "head_held": ("head_post", "held"),
    "head_since": ("head_post", "since"),
}
_OUTER = {*_PLAIN, "area", *(outer for outer, _ in _INSIDE.values())}
COLUMNS = (*_PLAIN, *_INSIDE, "area_code")
"""Columns that a caller decides upon, apart from the status."""
DERIVED = ("school_number", "sort_kk", "sort_ru", "search_key")
"""Columns that follow from the names."""


def columns(attributes: OrganisationAttributes) -> dict[str, Any]:
    """The columns of a state, those that follow from others included."""
    values = decided(attributes)
    return values | derived(values)


def decided(attributes: OrganisationAttributes) -> dict[str, Any]:
    """The columns that a caller decides upon."""
    document = attributes.model_dump(mode="python", include=_OUTER)
    values: dict[str, Any] = {name: _plain(document[name]) for name in _PLAIN}
    for name, (outer, inner) in _INSIDE.items():
        values[name] = _plain((document[outer] or {}).get(inner))
    values["area_code"] = document["area"]
    return values


def derived(values: Mapping[str, Any]) -> dict[str, Any]:
    """Keys to sort and search by, and the number in the name."""
    kk, ru, en = (values[f"name_{language}"] for language in _LANGUAGES)
    names = [values[name] for name in _INSIDE if "name_" in name and values[name]]
    numbers = (school_number(name) for name in names)
    return {
        "school_number": next((number for number in numbers if number is not None), None),
        "sort_kk": sort_key(kk or ru or en or "")[:LONGEST_SORT_KEY],
        "sort_ru": sort_key(ru or kk or en or "")[:LONGEST_SORT_KEY],
        "search_key": f" {' '.join(search_key(name) for name in names)} ",
    }


def document(state: Mapping[str, Any]) -> dict[str, Any]:
    """The attributes of a state as `OrganisationAttributes` reads them; what is not known is left out."""
    found: dict[str, Any] = {name: state[name] for name in _PLAIN if state[name] is not None}
    for name, (outer, inner) in _INSIDE.items():
        if state[name] is not None:
            found.setdefault(outer, {})[inner] = state[name]
    if state["area_code"] is not None:
        found["area"] = state["area_code"]
    return found


def nested(state: Mapping[str, Any], *outers: str) -> dict[str, Any]:
    """Objects such as `name` made of their columns; None for one that has nothing in it."""
    found: dict[str, Any] = dict.fromkeys(outers)
    for name, (outer, inner) in _INSIDE.items():
        if outer in found and state[name] is not None:
            if found[outer] is None:
                found[outer] = {}
            found[outer][inner] = state[name]
    return found


def flat(state: Mapping[str, Any]) -> dict[str, Any]:
    """What a history compares: every attribute by its name, inner ones after a dot, and the status."""
    values = {name: state[name] for name in _PLAIN}
    values |= {f"{outer}.{inner}": state[name] for name, (outer, inner) in _INSIDE.items()}
    return values | {"area": state["area_code"], "status": state["status"]}


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [str(item) for item in value]
    return str(value) if isinstance(value, str) else value
