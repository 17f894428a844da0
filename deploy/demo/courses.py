"""What is taught in the demo: the Keleshek course of January 2026, its next run, and the accelerator of Oral."""

from typing import Any

SCIENCE = ("physics", "chemistry", "biology", "informatics")
_MODULES = (
    ("physics", "Физика", "Физика", 6),
    ("chemistry", "Химия", "Химия", 6),
    ("biology", "Биология", "Биология", 6),
    ("informatics", "Информатика", "Информатика", 6),
    ("artificial_intelligence", "Жасанды интеллект", "Искусственный интеллект", 4),
    ("laboratory_skills", "Зертханалық дағдылар", "Лабораторные навыки", 4),
    ("adal_azamat", "«Адал азамат»", "«Адал азамат»", 4),
)
"""Seven modules, four days of nine academic hours."""
_ACCELERATOR_MODULES = (
    ("management_model", "Басқару моделі", "Модель управления", 24),
    ("strategy", "Даму стратегиясы", "Стратегия развития", 24),
    ("projects", "Жобалар және серіктестер", "Проекты и партнёры", 24),
)
KELESHEK, ACCELERATOR = "KELESHEK", "MANAGEMENT-MODEL"
JANUARY, NEXT, ORAL = "KELESHEK-2026-01", "KELESHEK-2027-01", "ORAL-2022"
SEATS = 85
"""At each of the twenty venues of January 2026."""
NEXT_SEATS = 20
"""At the one venue of the next run, which stays open for whoever tries the API."""
DAYS = ("2026-01-05", "2026-01-06", "2026-01-07", "2026-01-08")
CERTIFIED = 12
"""So many of January's participants have finished and hold a certificate."""


def keleshek(provider_id: str) -> dict[str, Any]:
    """The programme of the Keleshek schools: for heads, and for teachers of the sciences and robotics."""
    return {
        "provider_id": provider_id,
        "code": KELESHEK,
        "name": {
            "kk": "«Келешек» мектептері: заманауи зертхана және тәрбие экожүйесі",
            "ru": "Школы «Келешек»: современная лаборатория и экосистема воспитания",
            "en": "Keleshek schools: the modern laboratory and the ecosystem of upbringing",
        },
        "kind": "course",
        "theme": "modern_laboratory",
        "mode": "off_the_job",
        "modules": _modules(_MODULES),
        "academic_hours": 36,
        "audience": [
            {"role": "director"},
            {"role": "deputy_director"},
            {"role": "teacher", "subjects": [*SCIENCE, "steam", "robotics"]},
        ],
        "completion": {"min_attendance": 0.8, "tasks_required": True, "min_score": 60},
    }


def accelerator(provider_id: str) -> dict[str, Any]:
    """The programme that whole schools of Oral took as teams."""
    return {
        "provider_id": provider_id,
        "code": ACCELERATOR,
        "name": {
            "kk": "Басқарудың жаңа моделі",
            "ru": "Новая модель управления",
            "en": "New model of management",
        },
        "kind": "accelerator",
        "modules": _modules(_ACCELERATOR_MODULES),
    }


def cohort(code: str, programme_id: str, venues: list[dict[str, Any]]) -> dict[str, Any]:
    """A run of a programme."""
    names, first, last = {
        JANUARY: (("«Келешек»: қаңтар 2026", "«Келешек»: январь 2026"), DAYS[0], DAYS[-1]),
        NEXT: (("«Келешек»: қаңтар 2027", "«Келешек»: январь 2027"), "2027-01-05", "2027-01-08"),
        ORAL: (("Табысты мектеп акселераторы", "Акселератор успешной школы"), "2022-09-05", "2022-12-23"),
    }[code]
    return {
        "programme_id": programme_id,
        "code": code,
        "name": {"kk": names[0], "ru": names[1]},
        "starts_on": first,
        "ends_on": last,
        "venues": venues,
    }


APPROVAL = {
    "approved": True,
    "decided_by": "Demonstration: council of experts",
    "decided_on": "2022-08-01",
    "basis": "Demonstration: protocol No. 1",
}


def _modules(modules: tuple[tuple[str, str, str, int], ...]) -> list[dict[str, Any]]:
    return [
        {"subject": subject, "name": {"kk": kk, "ru": ru}, "academic_hours": hours}
        for subject, kk, ru, hours in modules
    ]
