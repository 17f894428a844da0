"""The readiness of Keleshek schools, version 1."""

from services.rating_engine.methodologies.built_in.words import Document, Note, direct, higher, line, lower, text, tree

_PILLARS = {
    "people": (40, {
        "KEL_STAFF_TRAINED": higher(22, direct()),
        "KEL_DIRECTOR_APPOINTED": higher(8, direct(0, 2)),
        "TCH_VACANCY_RATE": lower(10, direct()),
    }),
    "facilities": (40, {
        "KEL_EQUIPMENT": higher(18, direct()),
        "SCH_MODERN_SUBJECT_ROOMS": higher(12, direct()),
        "KEL_SPORTS_HALLS": higher(10, direct()),
    }),
    "access": (20, {
        "SCH_INCLUSIVE_CONDITIONS": higher(10, direct()),
        "ORG_INTERNET_MBPS": higher(4, direct()),
        "SCH_LOAD_FACTOR": lower(6, line((100, 100), (200, 0))),
    }),
}  # fmt: skip
_GATES = ("GATE_COMMISSIONED", "GATE_LICENCE_ANNEX", "GATE_SANITARY_CERTIFICATE", "GATE_FIRE_CERTIFICATE")

CODE = "keleshek-readiness"
DOCUMENT: Document = {
    "code": CODE,
    "title": text("«Келешек» мектебінің дайындығы", "Готовность школы «Келешек»", "Keleshek school readiness"),
    "organisation_types": ["school"],
    "among": {"attribute": "programmes", "any_of": ["keleshek"]},
    "tree": tree(_PILLARS, "weighted_geometric"),
    "context": list(_GATES),
    "missing": {"policy": "zero"},
    "bands": {"kind": "cuts", "labels": ["ready", "partly_ready", "not_ready"], "cuts": [50, 80]},
    "limits": [{"of": gate, "at_least": 1, "band": "not_ready", "missing": "fails"} for gate in _GATES],
    "ranking": False,
}
NOTES = (
    Note(
        "purpose",
        text(
            "Дайындық рейтинг емес, түгендеу: әр мектеп өз жоспарымен салыстырылады, орын берілмейді.",
            "Готовность — не рейтинг, а опись: школа сравнивается со своим планом, мест нет.",
            "Readiness is an inventory and no contest: a school is compared with its own plan, and there are no "
            "places.",
        ),
        "proposal keleshek-readiness-v1: no peer groups",
    ),
    Note(
        "gates",
        text(
            "Төрт қақпа ұпаймен сатып алынбайды: ғимарат пайдалануға берілген, лицензия қосымшасында нысанның "
            "мекенжайы бар, санитарлық және өрт қауіпсіздігі құжаттары бар. Олар құрылыс жобасының құжаттарынан "
            "оқылады; дәлелденбегені — жоқ.",
            "Четыре ворот не купить баллами: здание введено, приложение к лицензии с адресом объекта, санитарный и "
            "пожарный документы. Они читаются из документов проекта строительства; недоказанного нет.",
            "Four gates that no points buy off: the building commissioned, the licence annex with the object's "
            "address, the sanitary and the fire certificate. They are read from the evidence of the construction "
            "project; what is not proven is not there.",
        ),
        "Licence requirements, order 473; proposal keleshek-readiness-v1",
    ),
    Note(
        "aggregation",
        text(
            "Салмақты геометриялық орта: нөл дайындықты тоқтатады. Жоқ мән дәлелденгенше 0.",
            "Взвешенное геометрическое среднее: ноль блокирует готовность. Отсутствующее — 0, пока не доказано.",
            "Weighted geometric mean: a zero blocks readiness. What is missing is 0 until proven.",
        ),
        "proposal keleshek-readiness-v1",
    ),
    Note(
        "scales",
        text(
            "Пайыздар — балл. Директор: 0 — жоқ, 50 — тағайындалған, 100 — резервтен. Интернет 100 Мбит/с-тен толық "
            "балл. Толтырылу 100 %-ға дейін толық балл, 200 %-да 0.",
            "Проценты — это баллы. Директор: 0 — нет, 50 — назначен, 100 — из резерва. Интернет: полный балл со 100 "
            "Мбит/с. Загруженность: полный балл до 100 %, ноль при 200 %.",
            "Percents are points. Director: 0 none, 50 appointed, 100 from the reserve. Internet: full points from 100 "
            "Mbit/s. Load: full points up to 100 %, none at 200 %.",
        ),
        "zakon.kz 2025-12-26; the ends for internet and load are ours",
    ),
    Note(
        "bands",
        text(
            "Дайын — 80 балдан және барлық қақпа ашық; ішінара дайын — 50 балдан. Бұл шектер біздікі.",
            "Готова — с 80 баллов и со всеми воротами; частично готова — с 50. Эти границы наши.",
            "Ready from 80 points with every gate passed; partly ready from 50. These cuts are ours.",
        ),
        "ours",
    ),
)
