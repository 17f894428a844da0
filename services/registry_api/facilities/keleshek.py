"""The standard of Keleshek schools that this registry ships with."""

from typing import Any

HALLS = {300: (1, 0), 600: (1, 1), 900: (1, 2), 1200: (1, 2), 1500: (1, 3), 2000: (2, 2), 2500: (2, 2)}
"""Large and small sports halls by design capacity."""
ROOMS = ("physics", "chemistry", "biology", "labour", "music", "choreography", "stem_lab", "robotics", "coworking")


def standard() -> dict[str, Any]:
    """Version 1: ten kinds of rooms, halls by capacity, 15 to 20 % more floor, equipment four times the usual."""
    return {
        "code": "keleshek",
        "version": 1,
        "name_kk": "«Келешек мектептері» стандарты",
        "name_ru": "Стандарт «Келешек мектептері»",
        "name_en": "Standard of Keleshek schools",
        "applies_to": "programmes",
        "programmes": ["keleshek"],
        "valid_from": None,
        "basis": "National project «Keleshek mektepteri»: kinds of rooms; skcn.kz/1561: halls by capacity, floor area, "
        "equipment",
        "area_over_typical_low": 15.0,
        "area_over_typical_high": 20.0,
        "equipment_index": 4.0,
        "by_capacity": [
            {"capacity": capacity, "items": [*(_item(kind) for kind in ROOMS), *_halls(large, small)]}
            for capacity, (large, small) in HALLS.items()
        ],
    }


def _item(kind: str, count: int = 1, group: str | None = None) -> dict[str, Any]:
    return {
        "kind": kind,
        "group": group or kind,
        "count": count,
        "area_m2": None,
        "equipment_index": None,
        "unit_cost": None,
    }


def _halls(large: int, small: int) -> list[dict[str, Any]]:
    halls = (("sports_hall_large", large), ("sports_hall_small", small))
    return [_item(kind, count, "sports_hall") for kind, count in halls if count]
