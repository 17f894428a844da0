"""The question of an allocation: who is to be placed where, by which objective and within which limits."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from pydantic import Field, model_validator

from shared.schemas.base import Finite, Flag, In, Kato, Share, Whole, wrong
from shared.schemas.training.ids import CohortId, EducatorId, OrganisationId, VenueId
from shared.schemas.training.words import Subject

_COHORT = "0198c0de-0000-7000-8000-000000000301"
_VENUE = "0198c0de-0000-7000-8000-000000000311"
_EDUCATOR = "0198c0de-0000-7000-8000-000000000401"
_SCHOOL = "0198c0de-0000-7000-8000-000000000001"
Language = Annotated[str, Field(max_length=3, pattern=r"^[a-z]{2,3}$")]
Weight = Annotated[Finite, Field(ge=0, le=1000)]
Kilometres = Annotated[Finite, Field(ge=0, le=10_000)]
SchoolLimit = Annotated[Whole, Field(ge=1, le=5000)]


class AllocationVenue(In):
    """A venue that takes part, and what is taught there."""

    venue_id: VenueId = Field(description="The venue", examples=[_VENUE])
    languages: list[Language] = Field(
        default=[], max_length=10, description="In which languages; empty: in any", examples=[["kk"]]
    )
    subjects: list[Subject] = Field(
        default=[], max_length=50, description="Which subjects; empty: any", examples=[["physics"]]
    )


class AllocationPerson(In):
    """A person who applies."""

    educator_id: EducatorId = Field(description="The person", examples=[_EDUCATOR])
    preferences: list[VenueId] = Field(
        default=[], max_length=20, description="Venues wished for, the dearest first", examples=[[_VENUE]]
    )
    languages: list[Language] = Field(
        default=[],
        max_length=10,
        description="In which languages the person learns; empty: the workplace's",
        examples=[["kk", "ru"]],
    )


class AllocationWeights(In):
    """What is worth how much, in persons, within the last level of the objective."""

    placed: Weight = Field(default=0, description="A person placed, where that is no level of its own", examples=[0])
    waiting: Weight = Field(
        default=3, description="A seat for who was never trained; for others by years without training", examples=[3]
    )
    travel: Weight = Field(default=1, description="Saving one person `km_scale` kilometres", examples=[1])
    preference: Weight = Field(default=1, description="The first wish; the second is worth half, …", examples=[1])
    language: Weight = Field(default=0.5, description="A venue in the person's language", examples=[0.5])
    subject: Weight = Field(default=0.5, description="A venue with the person's subject", examples=[0.5])
    arrival: Weight = Field(
        default=0.01, description="Having applied first and not last: decides between equals", examples=[0.01]
    )


class AllocationFloor(In):
    """How even the shares of those placed are."""

    slack: Share = Field(
        default=0.05,
        description="By how much the worst share may lie below the best worst share possible: what evenness may cost",
        examples=[0.05],
    )
    smallest: SchoolLimit = Field(
        default=5, description="Groups with fewer applicants are too small to speak of a share", examples=[5]
    )


class AllocationObjective(In):
    """What is best, level by level: number placed, districts, rural and urban schools, then the weighted sum."""

    placed_first: Flag = Field(
        default=True, description="As many as possible are placed before anything else counts", examples=[True]
    )
    districts: AllocationFloor | None = Field(
        default=AllocationFloor(), description="Evenness between districts; null: none", examples=[{"slack": 0.05}]
    )
    settings: AllocationFloor | None = Field(
        default=AllocationFloor(), description="Evenness between rural and urban schools; null: none"
    )
    weights: AllocationWeights = Field(
        default=AllocationWeights(), description="The last level", examples=[{"waiting": 3, "travel": 1}]
    )
    long_years: Annotated[Finite, Field(gt=0, le=50)] = Field(
        default=5, description="So many years without training weigh as much as none ever", examples=[5]
    )
    km_scale: Annotated[Finite, Field(ge=1, le=10_000)] = Field(
        default=100, description="So many kilometres weigh one unit of `travel`", examples=[100]
    )


class AllocationLimits(In):
    """What no weight can buy."""

    max_km: Kilometres | None = Field(default=None, description="Nobody travels farther", examples=[150])
    most_per_school: SchoolLimit | None = Field(default=None, description="Of one school at a venue", examples=[5])
    fewest_per_school: SchoolLimit = Field(default=1, description="Of one school at a venue, if any", examples=[2])
    together: Flag = Field(default=False, description="Those of a school go to one venue", examples=[False])
    language_required: Flag = Field(default=False, description="Only in a language of the person", examples=[True])
    subject_required: Flag = Field(default=False, description="Only with a subject of the person", examples=[True])
    wished_only: Flag = Field(default=False, description="Only venues the person wished for", examples=[False])
    seconds: Annotated[Whole, Field(ge=1, le=60)] = Field(
        default=20, description="How long to branch for a proof; without branching it takes a second", examples=[20]
    )


class AllocationPoint(In):
    """Where an organisation stands."""

    organisation_id: OrganisationId = Field(description="A workplace, or the host of a venue", examples=[_SCHOOL])
    latitude: Annotated[Finite, Field(ge=-90, le=90)] = Field(description="Degrees north", examples=[42.32])
    longitude: Annotated[Finite, Field(ge=-180, le=180)] = Field(description="Degrees east", examples=[69.59])


class AllocationDistances(In):
    """Kilometres that are taken where the points of workplace and host are not both given."""

    same_organisation: Kilometres = Field(default=0, description="The course is held at the workplace", examples=[0])
    same_area: Kilometres = Field(default=5, description="In the same smallest area", examples=[5])
    same_district: Kilometres = Field(default=40, description="In the same district", examples=[40])
    same_region: Kilometres = Field(default=200, description="In the same region", examples=[200])
    elsewhere: Kilometres = Field(default=800, description="In another region", examples=[800])


class AllocationCreate(In):
    """A question: who of these people learns where."""

    cohort_ids: list[CohortId] = Field(
        min_length=1,
        max_length=20,
        description="The cohorts; several must be of one provider",
        examples=[[_COHORT]],
    )
    venues: list[AllocationVenue] = Field(
        default=[],
        max_length=200,
        description="The venues that take part; empty: all",
        examples=[[{"venue_id": _VENUE}]],
    )
    people: list[AllocationPerson] = Field(
        default=[],
        max_length=5000,
        description="Who applies, in the order of application",
        examples=[[{"educator_id": _EDUCATOR, "preferences": [_VENUE]}]],
    )
    applicants: Flag = Field(
        default=False, description="With all whose application waits for the provider, and all who wait in line"
    )
    organisation_ids: list[OrganisationId] = Field(
        default=[], max_length=500, description="With everybody employed at these workplaces", examples=[[_SCHOOL]]
    )
    area: Kato | None = Field(
        default=None, description="With everybody employed in this area, within your reach", examples=["790000000"]
    )
    objective: AllocationObjective = Field(
        default=AllocationObjective(), description="What is best", examples=[{"placed_first": True}]
    )
    limits: AllocationLimits = Field(
        default=AllocationLimits(), description="What no weight can buy", examples=[{"max_km": 150}]
    )
    points: list[AllocationPoint] = Field(
        default=[],
        max_length=3000,
        description="Where organisations stand; kilometres are along the great circle between them",
        examples=[[{"organisation_id": _SCHOOL, "latitude": 42.32, "longitude": 69.59}]],
    )
    distances: AllocationDistances = Field(
        default=AllocationDistances(), description="Kilometres where points are not given", examples=[{"same_area": 5}]
    )

    @model_validator(mode="after")
    def _names_each_once(self) -> "AllocationCreate":
        named: tuple[Sequence[UUID], ...] = (
            [one.educator_id for one in self.people],
            [one.venue_id for one in self.venues],
            [one.organisation_id for one in self.points],
            self.cohort_ids,
            *(one.preferences for one in self.people),
        )
        if any(len(set(ids)) < len(ids) for ids in named):
            raise wrong(
                "named_twice", kk="Біреу екі рет аталған", ru="Кто-то указан дважды", en="Something is named twice"
            )
        return self
