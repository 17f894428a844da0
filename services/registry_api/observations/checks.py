"""Looks at observations one by one before they are staged: whose they are, for which period, how plausible."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.registry_api.areas import service as areas
from services.registry_api.indicators.service import Definition
from services.registry_api.observations import rules
from services.registry_api.observations.findings import TEXTS, Finding
from services.registry_api.organisations.service import scope as organisations
from services.registry_api.organisations.service.scope import Brief
from shared.auth import Actor
from shared.db.sessions import AnySession
from shared.errors import Text
from shared.schemas.registry.indicators import IndicatorLevel

_SCOPE = "registry:write"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong or unusual with one observation."""

    finding: Finding
    field: str
    message: Text


def fault(finding: Finding, field: str, **values: str | float | None) -> Fault:
    """A finding with its sentence."""
    return Fault(finding, field, TEXTS[finding].filled(values))


@dataclass(frozen=True, slots=True)
class Subjects:
    """The organisations and areas a batch speaks of, as far as they exist, and how far its sender reaches."""

    organisations: Mapping[UUID, Brief]
    areas: Collection[str]
    beyond: Collection[UUID | str]
    """Those the sender may not write about."""

    @classmethod
    async def of(
        cls, session: AnySession, actor: Actor, organisation_ids: Collection[UUID], codes: Collection[str], *, on: date
    ) -> "Subjects":
        """What is known of these organisations and areas."""
        briefs = await organisations.briefly(session, organisation_ids, on=on) if organisation_ids else {}
        known = await areas.known(session, codes, since=date.min) if codes else set()
        if actor.reaches(None, None, scope=_SCOPE):
            return cls(briefs, known, ())
        places = {brief.area for brief in briefs.values() if brief.area} | known
        paths = await areas.paths(session, places, on=on) if places else {}
        beyond: set[UUID | str] = {code for code in known if not actor.reaches(paths.get(code), None, scope=_SCOPE)}
        for organisation_id, brief in briefs.items():
            path = paths.get(brief.area) if brief.area else None
            if not actor.reaches(path, organisation_id, scope=_SCOPE):
                beyond.add(organisation_id)
        return cls(briefs, known, beyond)

    def faults(self, organisation_id: UUID | None, area: str | None) -> Iterator[Fault]:
        """Why nothing can be said of this subject."""
        if organisation_id is not None and organisation_id not in self.organisations:
            yield fault(Finding.ORGANISATION_UNKNOWN, "organisation_id")
        elif organisation_id is not None and organisation_id in self.beyond:
            yield fault(Finding.OUT_OF_REACH, "organisation_id")
        if area is not None and area not in self.areas:
            yield fault(Finding.AREA_UNKNOWN, "area")
        elif area is not None and area in self.beyond:
            yield fault(Finding.OUT_OF_REACH, "area")

    def doubts(self, organisation_id: UUID | None, definition: Definition) -> Iterator[Fault]:
        """Whether the indicator is meant for this type of organisation."""
        brief = self.organisations.get(organisation_id) if organisation_id else None
        if brief is not None and definition.organisation_types and brief.type not in definition.organisation_types:
            yield fault(Finding.TYPE_UNEXPECTED, "indicator")


def faults_of_definition(
    definition: Definition, period: rules.Period | None, *, of_organisation: bool
) -> Iterator[Fault]:
    """Whether the indicator can be observed of such a subject and for such a period."""
    if period is None:
        yield fault(Finding.PERIOD_UNKNOWN, "period")
    elif not rules.suits(period, definition.period_kind):
        shapes = sorted(shape.value for shape in rules.ACCEPTED[definition.period_kind])
        yield fault(Finding.PERIOD_UNSUITABLE, "period", expected=", ".join(shapes))
    if of_organisation and definition.level is IndicatorLevel.AREA:
        yield fault(Finding.INDICATOR_OF_AREAS, "indicator")


def doubts_about(value: float | None, definition: Definition) -> Iterator[Fault]:
    """Whether a value is out of the ordinary."""
    low, high = definition.plausible_min, definition.plausible_max
    if value is not None and not rules.is_plausible(value, low, high):
        yield fault(
            Finding.VALUE_IMPLAUSIBLE,
            "value",
            low="−∞" if low is None else f"{low:g}",
            high="∞" if high is None else f"{high:g}",
        )
