"""What was promised, planned and built in the published stories, as documents the registry takes.

Shymkent: the memorandum with the Nazarbayev Intellectual Schools, 13 leading schools, 20 and later 40 to 50. Kyzylorda:
the league of partner directors and its plan for March. Karaganda: nine directions of an August conference. The whole
country: 217 Keleshek schools for 460,000 pupils.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from deploy.demo.country import HOME, REGIONS, keleshek
from deploy.demo.stories import KARAGANDA, LEADING_IN_SHYMKENT, LEAGUE, SHYMKENT

Document = dict[str, Any]
YEARS = ("2021-2022", "2025-2026", "2026-2027")
LEADING = "nis-leading-schools"
PARTNER_DIRECTORS = "partner-directors-kyzylorda"
KELESHEK = "keleshek-schools"
_PLACES = 460_000
_GATES = (
    ("land", "land_decision"),
    ("design", "design_documentation"),
    ("contract", "contract"),
    ("construction", "construction_permit"),
    ("commissioned", "acceptance_act"),
    ("operating", "licence_annex"),
)
_BEGUN, _A_GATE = date(2024, 2, 20), timedelta(days=90)
_DIRECTIONS = (
    ("Балабақшамен қамту", "Охват дошкольным образованием"),
    ("Мектептер мен колледждердің қоғамдық рейтингі", "Общественный рейтинг школ и колледжей"),
    ("«Оқырман мектеп»: кітапханаларды жаңарту", "«Читающая школа»: обновление библиотек"),
    ("Қосымша білім беру", "Дополнительное образование"),
    ("Барлық колледждерде демонстрациялық емтихан", "Демонстрационные экзамены во всех колледжах"),
    ("Инклюзивті білім беру", "Инклюзивное образование"),
    ("Патронаттық тәрбие", "Патронатное воспитание"),
    ("Балалар мен жасөспірімдерге психологиялық көмек", "Психологическая помощь детям и подросткам"),
    ("Педагогтердің кәсіби деңгейі және тұрғын үй", "Профессиональный уровень педагогов и жильё"),
)


def academic_years() -> Iterator[Document]:
    """The years the stories speak of, and the present one."""
    for year in YEARS:
        first = int(year[:4])
        yield {
            "code": year,
            "starts_on": f"{first}-09-01",
            "ends_on": f"{first + 1}-05-25",
            "order_reference": "№ 213-НҚ, 29.07.2026" if first == 2026 else "demo",
        }


def networks() -> Iterator[Document]:
    """Leading schools with their mentors, the league, the schools of the national project."""
    yield {
        "code": LEADING,
        "kind": "leading_schools",
        "name": {"kk": "НЗМ жетекші мектептері", "ru": "Ведущие школы НИШ", "en": "NIS leading schools"},
        "indicator": "REG_NIS_LEADING_SCHOOLS",
        "mentoring": {"roles": ["leading"], "kinds": ["intellectual"]},
        "eligibility": [{"subject": "type", "one_of": ["school"]}],
        "term_months": 120,
    }
    yield {
        "code": PARTNER_DIRECTORS,
        "kind": "league",
        "name": {"kk": "«Серіктес директорлар» лигасы", "ru": "Лига «Директора-партнёры»"},
        "area": "430000000",
    }
    yield {
        "code": KELESHEK,
        "kind": "programme",
        "name": {"kk": "«Келешек мектептері»", "ru": "«Келешек мектептері»", "en": "Keleshek schools"},
    }


def figures() -> Iterator[Document]:
    """How many leading schools the country had, by who said so."""
    yield {"value": 700, "valid_from": "2018-09-01", "source": "published story of Shymkent", "qualifier": "about"}
    yield {"value": 1412, "valid_from": "2021-12-31", "source": "cpm.kz"}


def memberships(keys: Mapping[str, str]) -> bytes:
    """Who belongs to which network: the file of the import, organisations by their numbers."""
    lines = ["network;organisation;role;mentor;area;valid_from;override"]
    mentor = keys["nis-shymkent"]
    for number in range(1, LEADING_IN_SHYMKENT + 1):
        lines.append(f"{LEADING};{keys[f'shymkent-{number}']};leading;{mentor};;2018-09-01;")
    for number in LEAGUE:
        lines.append(f"{PARTNER_DIRECTORS};{keys[f'kyzylorda-{number}']};member;;;2025-01-15;")
    lines.append(f"{PARTNER_DIRECTORS};{keys['kyzylorda-department']};coordinator;;430000000;2025-01-15;")
    return "\n".join(lines).encode()


def targets() -> Iterator[Document]:
    """What was promised in numbers; of Shymkent three sentences that do not agree."""
    leading: Document = {"indicator": "REG_NIS_LEADING_SCHOOLS", "area": SHYMKENT, "stated_by_role": "akim_of_city"}
    leading |= {"baseline_value": 13, "baseline_on": "2018", "stated_on": "2018"}
    yield {**leading, "comparator": "ge", "value_low": 20, "authoritative": True}
    yield {**leading, "comparator": "range", "value_low": 40, "value_high": 50, "qualifier": "aspiration"}
    yield {**leading, "comparator": "ge", "value_low": 26}
    yield {
        "indicator": "REG_SPONSOR_BUILT_SCHOOLS",
        "area": SHYMKENT,
        "stated_by_role": "akim_of_city",
        "baseline_value": 0,
        "comparator": "ge",
        "value_low": 30,
        "qualifier": "about",
        "stated_on": "2018",
    }
    yield {
        "indicator": "REG_THREE_SHIFT_SCHOOLS",
        "area": SHYMKENT,
        "stated_by_role": "akim_of_city",
        "comparator": "zero",
        "stated_on": "2018",
    }
    karaganda: Document = {"area": KARAGANDA, "stated_by_role": "akim_of_region", "stated_on": "2021-08"}
    karaganda |= {"source_url": "https://www.zakon.kz/5079779", "comparator": "ge"}
    yield {
        **karaganda,
        "indicator": "REG_PRE_COVERAGE_1_6",
        "baseline_value": 84,
        "baseline_on": "2021-08",
        "value_low": 86.5,
        "due": "2022",
    }
    yield {**karaganda, "indicator": "REG_COL_DEMO_EXAM", "comparator": "all", "due": "2022-12-31"}


def directive(target_ids: Mapping[str, str]) -> Document:
    """The nine directions of Karaganda; `target_ids` by indicator."""
    measured = {1: "REG_PRE_COVERAGE_1_6", 5: "REG_COL_DEMO_EXAM"}
    return {
        "title": {"kk": "Тамыз кеңесінің тоғыз бағыты", "ru": "Девять направлений августовской конференции"},
        "academic_year": YEARS[0],
        "area": KARAGANDA,
        "source_kind": "august_conference",
        "stated_by_role": "akim_of_region",
        "stated_on": "2021-08",
        "source_url": "https://www.zakon.kz/5079779",
        "items": [
            {
                "code": f"K{number}",
                "title": {"kk": kk, "ru": ru},
                "responsible_unit": "Облыстық білім басқармасы",
                "due": "2021-12-31" if number == 2 else "2022-12-31",
                "target_ids": [target_ids[measured[number]]] if number in measured else [],
            }
            for number, (kk, ru) in enumerate(_DIRECTIONS, start=1)
        ],
    }


def memorandum(ids: Mapping[str, str]) -> Document:
    """Shymkent and the intellectual schools; when it was signed was not published."""
    return {
        "title": {
            "kk": "Шымкент әкімдігі мен «Назарбаев Зияткерлік мектептері» ДББҰ ынтымақтастығы туралы меморандум",
            "ru": "Меморандум о сотрудничестве акимата Шымкента и АОО «Назарбаев Интеллектуальные школы»",
        },
        "area": SHYMKENT,
        "parties": [
            {"organisation_id": ids["shymkent-akimat"], "kind": "akimat", "role": "initiator"},
            {"organisation_id": ids["nis"]},
        ],
    }


def commitments(akimat: str, schools: str) -> Iterator[Document]:
    """What each party of Shymkent's memorandum owes; the arguments are the parties' ids."""
    for obligor, kk, ru in (
        (schools, "НЗМ қала мұғалімдерінің кәсіби деңгейін арттырады", "НИШ повышает профессионализм учителей города"),
        (
            schools,
            "НЗМ қала мектептеріне жаңа оқыту технологияларын енгізеді",
            "НИШ внедряет новые технологии обучения в школах города",
        ),
        (akimat, "Әкімдік жағдай жасап, көмек көрсетеді", "Акимат создаёт условия и оказывает содействие"),
    ):
        yield {"obligor": obligor, "text": {"kk": kk, "ru": ru}, "due": "2027", "report_every_days": 180}


def plan() -> Document:
    """The league's plan for March."""
    titles = (
        ("methodical_marathon", "«Серіктес директорлар» әдістемелік марафоны"),
        ("reading", "«20 кітап» оқу жобасының таныстырылымы"),
        ("seminar", "«101 мектепке 101 кітап» кездесуі"),
        ("forum", "TEDx форматындағы директорлар кездесуі"),
    )
    return {
        "title": {"kk": "Лиганың іс-шаралар жоспары", "ru": "План мероприятий лиги"},
        "area": "430000000",
        "network": PARTNER_DIRECTORS,
        "academic_year": YEARS[1],
        "items": [{"month": "2026-03", "kind": kind, "title": {"kk": kk}} for kind, kk in titles],
    }


def events(ids: Mapping[str, str], items: list[str]) -> Iterator[Document]:
    """What was held: the forum of Oral; of the league's four three; `items` are those of its plan."""
    yield {
        "kind": "forum",
        "title": {"kk": "«Табысты мектеп» акселераторы", "ru": "Акселератор «Успешная школа»"},
        "host_id": ids["oral-46"],
        "when": "2022-W51",
        "duration_days": 2,
        "status": "held",
        "delegations": [{"body": {"ru": "Делегация Арского района"}, "country": "RU", "role": "guest", "people": 5}],
    }
    yield {
        "kind": "methodical_marathon",
        "title": {"kk": "Әдістемелік марафон"},
        "host_id": ids["kyzylorda-176"],
        "network": PARTNER_DIRECTORS,
        "when": "2026-03-12",
        "status": "held",
        "plan_item_id": items[0],
        "sessions": [
            {"title": {"kk": title}, "audience": ["trainer", "master"]}
            for title in ("«Заманауи сабақ»", "«Бағалау мәдениеті»", "«Кері байланыс»")
        ],
    }
    for item, host, title in (
        (items[1], "kyzylorda-153", "Оқуға ұсынылатын 20 кітап"),
        (items[2], "kyzylorda-101", "Коворкинг орталығының ашылуы"),
    ):
        yield {
            "kind": "seminar",
            "title": {"kk": title},
            "host_id": ids[host],
            "network": PARTNER_DIRECTORS,
            "when": "2026-03",
            "status": "held",
            "plan_item_id": item,
        }


def construction() -> Iterator[Document]:
    """The 217 Keleshek schools: 84 in villages, 170 teaching; how the places are laid out over them is ours."""
    capacities = [2500] * 70 + [2000] * 139 + [900] * 7
    capacities.append(_PLACES - sum(capacities))
    numbers = iter(range(len(capacities)))
    for region in REGIONS:
        schools = keleshek()[region.code]
        for place in range(schools.built):
            number = next(numbers)
            yield {
                "reference": f"KEL-{number + 1:03d}",
                "name": {
                    "kk": f"Келешек мектебі №{number + 1}, {region.centre_kk}",
                    "ru": f"Школа Келешек № {number + 1}, {region.centre_ru}",
                },
                "programme": "keleshek",
                "area": region.code,
                "setting": "village" if place < schools.rural else "city",
                "design_capacity": capacities[number],
                "valid_from": _BEGUN.isoformat(),
                "funding": [{"source": "state", "share": 1.0}],
                "history": _passed(
                    "operating" if place < schools.operating else "commissioned",
                    has_fire_certificate=region.code != HOME or place > 0,
                ),
                "is_synthetic": True,
            }


def construction_plans() -> Iterator[Document]:
    """What the project was to be, by who said so and when: the later does not undo the earlier."""
    yield {"stated_on": "2024-02", "schools": 369, "places": 740_000, "source": "timesca.com"}
    yield {"stated_on": "2025", "schools": 217, "places": _PLACES, "source": "primeminister.kz"}


def teaches_at_home(project: Document) -> bool:
    """Whether it is one of the home region's that teach."""
    return bool(project["area"] == HOME and project["history"][-1]["stage"] == "operating")


def _passed(until: str, *, has_fire_certificate: bool) -> list[Document]:
    history: list[Document] = []
    for number, (gate, document) in enumerate(_GATES, start=1):
        on = (_BEGUN + number * _A_GATE).isoformat()
        kinds = [document]
        if gate == "commissioned":
            kinds += ["sanitary_certificate"] + ["fire_certificate"] * has_fire_certificate
        evidence = [{"kind": kind, "reference": f"№ {number}", "dated": on} for kind in kinds]
        history.append({"stage": gate, "on": on, "evidence": evidence})
        if gate == until:
            break
    return history
