"""Builders: what a test does not care about is given here, what it cares about it says."""

import itertools
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import httpx

from services.training_api.organisations import service as organisations
from shared import clock
from shared.db.engine import Database
from shared.ids import new_id
from shared.schemas.changes import ChangeRead

SHYMKENT = "790000000"
ALMATY = "750000000"
Json = dict[str, Any]


class World:
    """Makes organisations, people and courses, and remembers the provider."""

    def __init__(self, http: httpx.AsyncClient, database: Database, token_for: Callable[..., str]) -> None:
        self.http = http
        self.database = database
        self.token_for = token_for
        self.provider_id = ""
        self._numbers = itertools.count(1)

    async def begin(self) -> None:
        """A provider."""
        academy = await self.organisation(type_="provider", area=SHYMKENT)
        self.provider_id = (await self.post("/v1/providers", {"organisation_id": academy, "code": "ORLEU"}))["id"]

    async def post(self, path: str, body: Json | None = None, *, status: int | None = None, **headers: str) -> Json:
        """What the service answers; a refusal fails the test unless `status` expects it."""
        answer = await self.http.post(path, json=body, headers={k.replace("_", "-"): v for k, v in headers.items()})
        expected = (status,) if status else (200, 201)
        assert answer.status_code in expected, answer.text
        found: Json = answer.json()
        return found

    async def get(self, path: str, *, status: int = 200, **params: Any) -> Json:
        answer = await self.http.get(path, params=params)
        assert answer.status_code == status, answer.text
        found: Json = answer.json()
        return found

    def as_(self, role: str, **claims: Any) -> dict[str, str]:
        """Headers of another caller."""
        return {"Authorization": f"Bearer {self.token_for(role, **claims)}"}

    async def organisation(self, *, type_: str = "school", area: str = SHYMKENT, **more: Any) -> str:
        """An organisation the registry's feed has told of."""
        (made,) = await self.organisations(1, type_=type_, area=area, **more)
        return made

    async def organisations(
        self, how_many: int, *, type_: str = "school", area: str = SHYMKENT, **more: Any
    ) -> list[str]:
        ids = [new_id() for _ in range(how_many)]
        changes = [self.change(one, type=type_, area=area, area_path=[area], **more) for one in ids]
        async with self.database.writing() as session:
            await organisations.apply(session, changes)
        return [str(one) for one in ids]

    def change(self, organisation_id: UUID, *, kind: str = "organisation.registered", **data: Any) -> ChangeRead:
        """What the registry's feed tells."""
        number = next(self._numbers)
        return ChangeRead(
            position=number,
            kind=kind,
            subject="organisation",
            subject_id=str(organisation_id),
            data={
                "id": str(organisation_id),
                "status": "open",
                "name": {"kk": f"№{number} мектеп", "ru": f"Школа № {number}"},
                "is_synthetic": True,
                **data,
            },
            occurred_at=clock.now(),
        )

    async def programme(
        self, *, hours: Sequence[int] = (36,), approved: bool = True, subjects: Sequence[str] | None = None, **more: Any
    ) -> str:
        number = next(self._numbers)
        taught = list(subjects or [f"subject_{place}" for place in range(len(hours))])
        body = {
            "provider_id": self.provider_id,
            "code": f"P-{number}",
            "name": {"kk": f"Бағдарлама {number}", "ru": f"Программа {number}"},
            "kind": "course",
            "modules": [
                {"subject": subject, "name": {"ru": subject}, "academic_hours": one}
                for subject, one in zip(taught, hours, strict=True)
            ],
            "completion": {"min_attendance": 0.8, "tasks_required": True, "min_score": 60},
            **more,
        }
        programme_id: str = (await self.post("/v1/programmes", body))["id"]
        if approved:
            decision = {"approved": True, "decided_by": "Committee", "decided_on": "2025-12-01"}
            await self.post(f"/v1/programmes/{programme_id}/approval", decision)
        return programme_id

    async def cohort(
        self,
        *,
        programme_id: str | None = None,
        venues: Sequence[int] = (20,),
        hosts: Sequence[str] | None = None,
        first: date = date(2030, 1, 5),
        last: date = date(2030, 1, 8),
        opened: bool = True,
        **more: Any,
    ) -> Json:
        """A cohort that people may enrol in, with the ids of its venues under `venues`."""
        hosts = hosts or [await self.organisation() for _ in venues]
        body = {
            "programme_id": programme_id or await self.programme(),
            "code": f"C-{next(self._numbers)}",
            "name": {"kk": "Ағым", "ru": "Поток"},
            "starts_on": first.isoformat(),
            "ends_on": last.isoformat(),
            "venues": [
                {"organisation_id": host, "capacity": capacity} for host, capacity in zip(hosts, venues, strict=True)
            ],
            **more,
        }
        cohort = await self.post("/v1/cohorts", body)
        if opened:
            cohort = await self.post(f"/v1/cohorts/{cohort['id']}/open")
        listed = await self.get(f"/v1/cohorts/{cohort['id']}/venues")
        return {**cohort, "venues": [venue["id"] for venue in listed["items"]]}

    def person(self, organisation_id: str, **more: Any) -> Json:
        """The body of a person."""
        return {
            "name": {"kk": {"family": f"Үлгі{next(self._numbers)}", "given": "Мысал"}},
            "organisation_id": organisation_id,
            "role": "teacher",
            "subjects": ["physics"],
            "hired_on": "2015-09-01",
            "is_synthetic": True,
            **more,
        }

    async def educator(self, organisation_id: str | None = None, **more: Any) -> str:
        body = self.person(organisation_id or await self.organisation(), **more)
        made: str = (await self.post("/v1/educators", body))["id"]
        return made

    async def educators(self, how_many: int, organisation_id: str | None = None, **more: Any) -> list[str]:
        workplace = organisation_id or await self.organisation()
        rows = [self.person(workplace, **more) for _ in range(how_many)]
        made: list[str] = (await self.post("/v1/educator-batches", {"educators": rows}))["ids"]
        return made

    async def enrol(
        self, cohort: Json, educator_id: str, *, status: int | None = None, venue: int | None = None
    ) -> Json:
        body = {"cohort_id": cohort["id"], "educator_id": educator_id}
        if venue is not None:
            body["venue_id"] = cohort["venues"][venue]
        return await self.post("/v1/enrolments", body, status=status)

    async def complete(self, enrolment: Json, **reached: Any) -> Json:
        body = {"attendance": 1.0, "tasks_done": True, "score": 90, **reached}
        return await self.post(f"/v1/enrolments/{enrolment['id']}/complete", body)
