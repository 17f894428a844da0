"""The closed lists of words that several capabilities of the training service share."""

from enum import StrEnum
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, StringConstraints

from shared.schemas.base import FilledLine, In, wrong


class EducatorRole(StrEnum):
    """What a person does at the workplace."""

    DIRECTOR = "director"
    DEPUTY_DIRECTOR = "deputy_director"
    TEACHER = "teacher"
    METHODOLOGIST = "methodologist"
    PSYCHOLOGIST = "psychologist"
    SOCIAL_PEDAGOGUE = "social_pedagogue"
    LIBRARIAN = "librarian"
    OTHER = "other"


TEACHING_ROLES = (EducatorRole.TEACHER,)
"""Roles that count as teachers in indicators."""


class QualificationCategory(StrEnum):
    """The ladder of qualification categories of teachers in Kazakhstan."""

    TEACHER = "teacher"
    MODERATOR = "moderator"
    EXPERT = "expert"
    RESEARCHER = "researcher"
    MASTER = "master"


Subject = Annotated[str, StringConstraints(max_length=64, pattern=r"^[a-z][a-z0-9_]{1,63}$")]
"""A subject by its code: `physics`, `artificial_intelligence`, `laboratory_skills`."""

ReasonCode = Annotated[str, StringConstraints(max_length=64, pattern=r"^[a-z][a-z0-9_]{1,63}$")]
"""A reason by its code: `illness`, `workload`, `left_the_school`."""


def _number(value: Any) -> Any:
    if isinstance(value, bool | str):
        raise wrong("number_type", kk="Сан күтіледі", ru="Ожидается число", en="A number is expected")
    return value


Score = Annotated[float, BeforeValidator(_number), Field(ge=0, le=100, allow_inf_nan=False)]
"""A score of an assessment, from 0 to 100."""

Hours = Annotated[int, BeforeValidator(_number), Field(ge=1, le=2000)]
"""Academic hours of 45 minutes."""

Capacity = Annotated[int, BeforeValidator(_number), Field(ge=0, le=5000)]
"""Seats at one venue."""


Link = Annotated[
    str,
    StringConstraints(
        max_length=500,
        pattern=r"^https://[A-Za-z0-9][A-Za-z0-9.\-]{1,200}(:[0-9]{1,5})?(/[A-Za-z0-9._~/?#@!$&()*+,;=:%\-]*)?$",
    ),
]
"""An address that begins with https."""


class EvidenceItem(In):
    """Something a decision rests on: a document by its title, and where it is or which bytes it has."""

    title: FilledLine = Field(description="What it is", examples=["Order No. 95-p, item 4"])
    url: Link | None = Field(default=None, description="Where it can be read", examples=["https://example.invalid/95"])
    digest: Annotated[str, StringConstraints(max_length=71, pattern=r"^sha256:[0-9a-f]{64}$")] | None = Field(
        default=None, description="SHA-256 of its bytes, where it is kept elsewhere"
    )


class ApprovalLevel(StrEnum):
    """Who decides upon an application, from the nearest to the farthest."""

    SCHOOL = "school"
    DISTRICT = "district"
    PROVIDER = "provider"
