"""The words in which lists of organisations are asked for, and how their rows are told."""

from collections.abc import Iterable
from typing import Any

from services.registry_api.organisations.queries import understood
from services.registry_api.organisations.repository.listing import (
    COLUMNS,
    FACETS,
    Among,
    Listed,
    Order,
    SortField,
    Wanted,
    depth,
    position,
)
from services.registry_api.organisations.rules import HIDDEN_FROM_STRANGERS

__all__ = [
    "FACETS",
    "HIDDEN_FROM_STRANGERS",
    "Among",
    "Listed",
    "Order",
    "SortField",
    "Wanted",
    "depth",
    "mapping",
    "position",
    "told",
    "understood",
]


def mapping(row: Listed) -> dict[str, Any]:
    """A row by the names of its columns."""
    return dict(zip(COLUMNS, row, strict=False))


def told(rows: Iterable[Listed]) -> list[dict[str, Any]]:
    """Rows as `OrganisationSummary` tells them, ready for JSON: one expression, because it is done fifty times."""
    return [
        {
            "id": id_,
            "type": type_,
            "kind": kind,
            "status": status,
            "name": {"kk": name_kk, "ru": name_ru, "en": name_en},
            "short_name": {"kk": short_kk, "ru": short_ru, "en": short_en}
            if short_kk or short_ru or short_en
            else None,
            "school_number": school_number,
            "ownership": ownership,
            "levels": levels,
            "languages_of_instruction": languages,
            "setting": setting,
            "multigrade": multigrade,
            "boarding": boarding,
            "selective": selective,
            "shift_count": shift_count,
            "design_capacity": design_capacity,
            "area": area,
            "location": None if latitude is None else {"latitude": latitude, "longitude": longitude},
            "head_post": None if head_held is None else {"held": head_held, "since": head_since},
            "programme_tags": programme_tags,
            "parent_id": parent_id,
            "is_synthetic": is_synthetic,
            "valid_from": valid_from,
            "valid_until": valid_until,
            "distance_km": distance_km,
        }
        for (
            id_,
            is_synthetic,
            type_,
            kind,
            status,
            name_kk,
            name_ru,
            name_en,
            short_kk,
            short_ru,
            short_en,
            school_number,
            ownership,
            levels,
            languages,
            setting,
            multigrade,
            boarding,
            selective,
            shift_count,
            design_capacity,
            area,
            latitude,
            longitude,
            head_held,
            head_since,
            programme_tags,
            parent_id,
            valid_from,
            valid_until,
            distance_km,
            *_,
        ) in rows
    ]
