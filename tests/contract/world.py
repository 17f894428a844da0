"""A small world that stands in all three services, so that questions about what exists are asked too."""

import asyncio
from typing import Any

from services.registry_api.organisations.identifiers import check_digit
from tests.support.house import House

SHYMKENT = "790000000"
PERIOD = "2025-2026"
SCHOOLS = 12
_FEED_SECONDS = 60.0

Known = dict[str, list[str]]
Json = dict[str, Any]


async def build(house: House) -> Known:
    """Make the world; gives the values that exist, by the name of the field that takes them."""
    known: Known = {"area": [SHYMKENT], "period": [PERIOD], "indicators": ["FUZZ_ONE,FUZZ_TWO"]}
    await _registry(house, known)
    await _training(house, known)
    await _rating(house, known)
    return known


def demo_number(serial: int) -> str:
    """A number like a BIN that can never be one."""
    for attempt in range(serial * 10, serial * 10 + 10):
        eleven = f"23099{attempt:06d}"
        if (digit := check_digit(eleven)) is not None:
            return f"{eleven}{digit}"
    raise AssertionError("one of ten in a row has a check digit")


async def _send(http: Any, path: str, body: Json | None = None, **more: Any) -> Json:
    answer = await http.post(path, json=body, **more)
    assert answer.is_success, f"{path}: {answer.text}"
    made: Json = answer.json()
    return made


async def _registry(house: House, known: Known) -> None:
    http = house.registry
    for code in ("FUZZ_ONE", "FUZZ_TWO"):
        definition = {
            "code": code,
            "organisation_types": ["school"],
            "pillar": "outcomes",
            "name": {"kk": code, "ru": code},
            "unit": "score",
            "polarity": "higher",
            "formula": "made up",
            "period_kind": "school_year",
        }
        await _send(http, "/v1/indicators", definition)
    known["indicator"] = ["FUZZ_ONE", "FUZZ_TWO"]
    made = [await _organisation(house, serial, "school") for serial in range(SCHOOLS)]
    academy = await _organisation(house, SCHOOLS, "provider")
    known["organisation_id"] = [one["id"] for one in made]
    known["provider_organisation"] = [academy["id"]]
    known["value"] = [demo_number(serial) for serial in range(SCHOOLS)]
    rows = [
        {
            "organisation_id": one["id"],
            "indicator": code,
            "period": PERIOD,
            "value": 10 + place,
            "source_system": "FUZZ",
        }
        for place, one in enumerate(made)
        for code in known["indicator"]
    ]
    await _send(http, "/v1/observations", {"observations": rows})
    sheet = "БСН;Атауы\n" + f"{demo_number(500)};№500 мектеп\n"
    mapping = (
        '{"columns":{"БСН":"identifier.value","Атауы":"name.kk"},'
        '"constants":{"identifier.scheme":"demo","type":"school","area":"790000000","is_synthetic":"true"}}'
    )
    handed_in = await http.post(
        "/v1/imports",
        files={"file": ("fuzz.csv", sheet.encode())},
        data={"kind": "organisations", "mapping": mapping},
    )
    job = await house.finished(handed_in, of="registry")
    known["import_id"] = [handed_in.json()["id"]]
    known["registry_job_id"] = [job["id"]]
    await _promises(http, known)
    await _agreements(http, known)


async def _promises(http: Any, known: Known) -> None:
    target = {
        "indicator": "FUZZ_ONE",
        "area": SHYMKENT,
        "comparator": "ge",
        "baseline_value": 10,
        "baseline_on": "2025",
        "value_low": 20,
        "due": "2030",
        "stated_by_role": "akim_of_city",
    }
    known["target_id"] = [(await _send(http, "/v1/targets", target))["id"]]
    year = {"code": PERIOD, "starts_on": "2025-09-01", "ends_on": "2026-05-25"}
    await _send(http, "/v1/academic-years", year)
    title = {"kk": "Тамыз кеңесі", "ru": "Августовская конференция"}
    directive = {
        "title": title,
        "academic_year": PERIOD,
        "area": SHYMKENT,
        "source_kind": "august_conference",
        "stated_by_role": "akim_of_city",
        "items": [{"code": "K1", "title": title, "target_ids": known["target_id"]}],
    }
    made = await _send(http, "/v1/directives", directive)
    known["directive_id"] = known["directive"] = [made["id"]]
    known["item_id"] = [made["items"][0]["id"]]
    known["academic_year"] = [PERIOD]


async def _agreements(http: Any, known: Known) -> None:
    parties = [{"organisation_id": one} for one in known["organisation_id"][:2]]
    title = {"kk": "Меморандум", "ru": "Меморандум"}
    made = await _send(http, "/v1/memoranda", {"title": title, "area": SHYMKENT, "parties": parties})
    known["memorandum_id"] = [made["id"]]
    known["party_id"] = known["obligor"] = [party["id"] for party in made["parties"]]
    path = f"/v1/memoranda/{made['id']}"
    file = {"file": ("memorandum.pdf", b"%PDF-1.7", "application/pdf")}
    answer = await http.post(f"{path}/documents", files=file, data={"kind": "draft", "language": "kk"})
    assert answer.is_success, answer.text
    known["document_id"], known["document"] = [answer.json()["id"]], [answer.json()["digest"]]
    for command in ("submit", "send", "sign"):
        await _send(http, f"{path}/{command}", {})
    owed = {"obligor": known["obligor"][0], "text": {"kk": "Міндеттеме"}}
    known["commitment_id"] = [(await _send(http, f"{path}/commitments", owed))["id"]]
    path = f"/v1/commitments/{known['commitment_id'][0]}"
    known["evidence_id"] = [(await _send(http, f"{path}/evidence", {"link": "https://bilim.example/a"}))["id"]]
    known["report_id"] = [(await _send(http, f"{path}/progress", {"text": "Басталды"}))["id"]]


async def _surveys(http: Any, known: Known) -> None:
    text = {"kk": "Сауалнама", "ru": "Опрос"}
    survey = {
        "title": text,
        "organisation_type": "school",
        "period": PERIOD,
        "opens_at": "2020-01-01T00:00:00Z",
        "closes_at": "2100-01-01T00:00:00Z",
        "items": [{"code": "gladly", "kind": "scale", "low": 1, "high": 5, "text": text}],
    }
    made = []
    for _ in range(2):
        one = await _send(http, "/v1/surveys", survey)
        frame = [{"organisation_id": school, "strata": [{"population": 900}]} for school in known["organisation_id"]]
        path = f"/v1/surveys/{one['id']}"
        answer = await http.put(f"{path}/frame", json={"organisations": frame}, headers={"If-Match": "*"})
        assert answer.is_success, answer.text
        await _send(http, f"{path}/open", {})
        made.append(one["id"])
    known["survey_id"] = made


async def _organisation(house: House, serial: int, type_: str) -> Json:
    body = {
        "name": {"kk": f"№{serial} мектеп", "ru": f"Школа № {serial}"},
        "type": type_,
        "area": SHYMKENT,
        "valid_from": "2020-09-01",
        "identifiers": [{"scheme": "demo", "value": demo_number(serial)}],
        "is_synthetic": True,
    }
    return await _send(house.registry, "/v1/organisations", body)


async def _training(house: House, known: Known) -> None:
    http = house.training
    schools = known["organisation_id"]
    provider = await _when_the_feed_has_come(house, known["provider_organisation"][0])
    programme = await _send(
        http,
        "/v1/programmes",
        {
            "provider_id": provider["id"],
            "code": "FUZZ",
            "name": {"kk": "Бағдарлама", "ru": "Программа"},
            "kind": "course",
            "modules": [{"subject": "physics", "name": {"ru": "Физика"}, "academic_hours": 36}],
            "completion": {"min_attendance": 0.8, "tasks_required": True, "min_score": 60},
        },
    )
    decision = {"approved": True, "decided_by": "Committee", "decided_on": "2025-12-01"}
    await _send(http, f"/v1/programmes/{programme['id']}/approval", decision)
    cohorts = [await _cohort(house, programme["id"], schools[0], number) for number in range(4)]
    people = [
        {
            "name": {"kk": {"family": f"Үлгі{number}", "given": "Мысал"}},
            "organisation_id": schools[number % len(schools)],
            "role": "teacher",
            "subjects": ["physics"],
            "hired_on": "2015-09-01",
            "is_synthetic": True,
        }
        for number in range(16)
    ]
    educators = (await _send(http, "/v1/educator-batches", {"educators": people}))["ids"]
    enrolments = [
        await _send(http, "/v1/enrolments", {"cohort_id": cohorts[number % 4]["id"], "educator_id": educator})
        for number, educator in enumerate(educators[:12])
    ]
    completed = {"attendance": 1.0, "tasks_done": True, "score": 90}
    await _send(http, f"/v1/cohorts/{cohorts[3]['id']}/close")
    await _send(http, f"/v1/cohorts/{cohorts[3]['id']}/start")
    await _send(http, f"/v1/enrolments/{enrolments[3]['id']}/complete", completed)
    certificate = await _send(http, "/v1/certificates", {"enrolment_id": enrolments[3]["id"]})
    room = await _send(http, "/v1/rooms", {"organisation_id": schools[0], "name": "214", "seats": 30})
    trainer = await _send(http, "/v1/trainers", {"provider_id": provider["id"], "educator_id": educators[15]})
    session = {"held_on": "2030-01-07", "starts_at": "09:00", "ends_at": "12:00"}
    session = await _send(http, f"/v1/cohorts/{cohorts[0]['id']}/sessions", session)
    pool = {"kind": "language", "key": "kk", "seats": 3}
    pool = await _send(http, f"/v1/cohorts/{cohorts[0]['id']}/pools", pool)
    known |= {
        "provider_id": [provider["id"]],
        "programme_id": [programme["id"]],
        "cohort_id": [cohort["id"] for cohort in cohorts],
        "venue_id": [cohort["venue"] for cohort in cohorts],
        "educator_id": educators,
        "enrolment_id": [enrolment["id"] for enrolment in enrolments],
        "number": [certificate["number"]],
        "room_id": [room["id"]],
        "trainer_id": [trainer["id"]],
        "session_id": [session["id"]],
        "pool_id": [str(pool["id"])],
    }


async def _when_the_feed_has_come(house: House, academy: str) -> Json:
    """Training knows an organisation when the registry's feed has told it."""
    for _ in range(int(_FEED_SECONDS * 10)):
        answer = await house.training.post("/v1/providers", json={"organisation_id": academy, "code": "FUZZ"})
        if answer.is_success:
            provider: Json = answer.json()
            return provider
        await asyncio.sleep(0.1)
    raise AssertionError(f"the feed does not come: {answer.text}")


async def _cohort(house: House, programme: str, host: str, number: int) -> Json:
    year = 2026 if number == 3 else 2030 + number
    body = {
        "programme_id": programme,
        "code": f"FUZZ-{number}",
        "name": {"kk": "Ағым", "ru": "Поток"},
        "starts_on": f"{year}-01-05",
        "ends_on": f"{year}-01-08",
        "venues": [{"organisation_id": host, "capacity": 20}],
    }
    cohort = await _send(house.training, "/v1/cohorts", body)
    await _send(house.training, f"/v1/cohorts/{cohort['id']}/open")
    venues = (await house.training.get(f"/v1/cohorts/{cohort['id']}/venues")).json()
    return {**cohort, "venue": venues["items"][0]["id"]}


async def _rating(house: House, known: Known) -> None:
    http = house.rating
    leaves = [
        {"indicator": code, "weight": 1, "normalisation": {"kind": "goalposts", "low": 0, "high": 100}}
        for code in known["indicator"]
    ]
    document = {
        "code": "fuzz",
        "title": {"kk": "Рейтинг", "ru": "Рейтинг"},
        "organisation_types": ["school"],
        "tree": {"code": "index", "children": leaves},
        "bands": {"kind": "quantiles", "labels": ["A", "B"]},
    }
    agreed = await _send(http, "/v1/methodologies", document)
    draft = await _send(http, "/v1/methodologies", {**document, "code": "fuzz-draft"})
    runs = []
    for _ in range(2):
        accepted = await http.post("/v1/runs", json={"methodology_id": agreed["id"], "period": PERIOD})
        job = await house.finished(accepted, of="rating")
        runs.append((await http.get(f"/v1/runs/{accepted.json()['id']}")).json())
    audit = await _send(http, f"/v1/methodologies/{agreed['id']}/audit", {"run_id": runs[0]["id"]})
    stops = {finding["code"] for finding in audit["findings"] if finding["severity"] == "stops"}
    agreement = {"basis": "fuzz", "accepted_findings": dict.fromkeys(stops, "A small world")}
    await _send(http, f"/v1/methodologies/{agreed['id']}/agree", agreement)
    publication = await _send(http, "/v1/publications", {"run_id": runs[0]["id"]})
    promised = await _send(http, "/v1/methodologies", {**document, "code": "fuzz-appeals", "appeals": {}})
    accepted = await http.post("/v1/runs", json={"methodology_id": promised["id"], "period": PERIOD})
    await house.finished(accepted, of="rating")
    shown = await _send(http, f"/v1/runs/{accepted.json()['id']}/preview", {})
    objection = {"run_id": shown["id"], "organisation_id": known["organisation_id"][0], "ground": "other", "text": "?"}
    known["appeal_id"] = [(await _send(http, "/v1/appeals", objection))["id"]]
    runs.append(shown)
    await _surveys(http, known)
    known |= {
        "methodology_id": [agreed["id"], draft["id"]],
        "other_id": [draft["id"], agreed["id"]],
        "run_id": [run["id"] for run in runs],
        "digest": [runs[0]["snapshot_digest"]],
        "publication_id": [publication["id"]],
        "rating_job_id": [job["id"]],
    }
