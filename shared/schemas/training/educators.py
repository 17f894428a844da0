"""Educators: the people who learn. Their names are personal data, and their IIN goes in and never comes out."""

from typing import Annotated

from pydantic import ConfigDict, Field, StringConstraints, model_validator

from shared.schemas.base import Date, Flag, In, Name, Out, stays, wrong
from shared.schemas.pages import PageQuery
from shared.schemas.training.ids import EducatorId, OrganisationId
from shared.schemas.training.privacy import PersonState
from shared.schemas.training.words import EducatorRole, QualificationCategory, Subject

_ID = "0198c0de-0000-7000-8000-000000000401"
_ORGANISATION = "0198c0de-0000-7000-8000-000000000001"
_NAME = {
    "kk": {"family": "Үлгіұлы", "given": "Мысал", "patronymic": None},
    "ru": {"family": "Примеров", "given": "Образец", "patronymic": None},
}

Iin = Annotated[str, StringConstraints(min_length=12, max_length=12, pattern=r"^[0-9]{12}$")]
"""Individual identification number: twelve digits."""


class NameParts(In):
    """A person's name in one language."""

    family: Name = Field(description="Family name", examples=["Үлгіұлы"])
    given: Name = Field(description="Given name", examples=["Мысал"])
    patronymic: Name | None = Field(default=None, description="Patronymic, where there is one", examples=["Мысалұлы"])


class PersonName(In):
    """A person's name in Kazakh and in Russian spelling; at least one of them."""

    model_config = ConfigDict(
        json_schema_extra={
            "anyOf": [
                {"required": [language], "properties": {language: {"type": "object"}}} for language in ("kk", "ru")
            ]
        }
    )

    kk: NameParts | None = Field(default=None, description="In Kazakh spelling", examples=[_NAME["kk"]])
    ru: NameParts | None = Field(default=None, description="In Russian spelling", examples=[_NAME["ru"]])

    @model_validator(mode="after")
    def _one_spelling_at_least(self) -> "PersonName":
        if self.kk is None and self.ru is None:
            raise wrong(
                "text_empty",
                kk="Есім қазақша немесе орысша жазылуы керек",
                ru="Имя нужно на казахском или русском",
                en="The name is needed in Kazakh or in Russian",
            )
        return self


class EducatorCreate(In):
    """A person at a workplace."""

    name: PersonName = Field(description="The person's name", examples=[_NAME])
    organisation_id: OrganisationId = Field(description="The workplace, as in the registry", examples=[_ORGANISATION])
    role: EducatorRole = Field(description="What the person does there", examples=["teacher"])
    subjects: list[Subject] = Field(
        default=[], max_length=20, description="Subjects the person teaches", examples=[["physics"]]
    )
    category: QualificationCategory | None = Field(
        default=None, description="Qualification category", examples=["expert"]
    )
    teaching_since: Date | None = Field(
        default=None,
        description="First day in the profession, at whatever workplace; if left out, years of experience are counted "
        "from the first employment that is known",
        examples=["2011-09-01"],
    )
    hired_on: Date = Field(description="First day at this workplace", examples=["2019-09-01"])
    left_on: Date | None = Field(default=None, description="First day no longer there; null while employed")
    consent_public: Flag = Field(
        default=False, description="Whether the person agreed to be named in public", examples=[False]
    )
    iin: Iin | None = Field(
        default=None,
        description="Only to recognise the same person twice; kept as a keyed hash and never returned",
        json_schema_extra={"writeOnly": True},
    )
    is_synthetic: Flag = Field(default=False, description="Made up for a demonstration or a test", examples=[True])


class EducatorUpdate(In):
    """What changes of a person. A new `organisation_id` with `hired_on` is a move to another workplace."""

    model_config = ConfigDict(
        json_schema_extra={"dependentRequired": {"organisation_id": ["hired_on"], "hired_on": ["organisation_id"]}}
    )

    name: PersonName | None = Field(
        default=None, description="The person's name", examples=[_NAME], json_schema_extra=stays
    )
    organisation_id: OrganisationId | None = Field(
        default=None,
        description="The new workplace; needs `hired_on`",
        examples=[_ORGANISATION],
        json_schema_extra=stays,
    )
    role: EducatorRole | None = Field(
        default=None, description="What the person does there", examples=["teacher"], json_schema_extra=stays
    )
    subjects: list[Subject] | None = Field(
        default=None,
        max_length=20,
        description="Subjects the person teaches",
        examples=[["physics"]],
        json_schema_extra=stays,
    )
    category: QualificationCategory | None = Field(
        default=None, description="Qualification category; null takes it away", examples=["researcher"]
    )
    teaching_since: Date | None = Field(
        default=None, description="First day in the profession; null takes it away", examples=["2011-09-01"]
    )
    hired_on: Date | None = Field(
        default=None, description="First day at the new workplace", examples=["2026-09-01"], json_schema_extra=stays
    )
    left_on: Date | None = Field(default=None, description="First day no longer there", examples=["2026-08-31"])
    consent_public: Flag | None = Field(
        default=None,
        description="Whether the person agreed to be named in public",
        examples=[True],
        json_schema_extra=stays,
    )


class EducatorRead(Out):
    """A person at the present (or last) workplace."""

    id: EducatorId = Field(description="Identifier of the person in this system", examples=[_ID])
    name: PersonName = Field(description="The person's name", examples=[_NAME])
    organisation_id: OrganisationId = Field(description="The workplace, as in the registry", examples=[_ORGANISATION])
    role: EducatorRole = Field(description="What the person does there", examples=["teacher"])
    subjects: list[str] = Field(description="Subjects the person teaches", max_length=20, examples=[["physics"]])
    category: QualificationCategory | None = Field(description="Qualification category", examples=["expert"])
    teaching_since: Date | None = Field(description="First day in the profession, if told", examples=["2011-09-01"])
    hired_on: Date = Field(description="First day at this workplace", examples=["2019-09-01"])
    left_on: Date | None = Field(description="First day no longer there; null while employed")
    consent_public: bool = Field(description="Whether the person agreed to be named in public", examples=[False])
    is_synthetic: bool = Field(description="Made up for a demonstration or a test", examples=[True])
    state: PersonState = Field(description="How far the data may be used; `blocked` and `erased` hide the name")
    version: int = Field(description="Counts changes; the ETag is made of it", ge=1, examples=[1])


class EducatorQuery(PageQuery):
    """Which educators; always within the caller's reach, in the order of the Kazakh alphabet."""

    organisation_id: OrganisationId | None = Field(
        default=None, description="Only of this workplace", examples=[_ORGANISATION]
    )
    role: EducatorRole | None = Field(default=None, description="Only in this role", examples=["teacher"])
    subject: Subject | None = Field(default=None, description="Only who teach this subject", examples=["physics"])
    q: Name | None = Field(default=None, description="Part of a name; Kazakh letters may be typed as Russian ones")


class EducatorBatchCreate(In):
    """Many persons at once: all of them or, if one is wrong, none."""

    educators: list[EducatorCreate] = Field(
        min_length=1,
        max_length=2000,
        description="The persons",
        examples=[[{"name": _NAME, "organisation_id": _ORGANISATION, "role": "teacher", "hired_on": "2019-09-01"}]],
    )


class EducatorBatchRead(Out):
    """What came of a batch."""

    ids: list[EducatorId] = Field(
        description="Identifiers of the persons, in the order they were sent", max_length=2000, examples=[[_ID]]
    )
