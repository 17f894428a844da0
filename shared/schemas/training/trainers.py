"""Trainers: who teaches, an educator of ours or somebody of whom no more than a name is known."""

from pydantic import Field, model_validator

from shared.schemas.base import Flag, In, Name, Out, stays, wrong
from shared.schemas.pages import PageQuery
from shared.schemas.training.ids import EducatorId, ProviderId, TrainerId

_ID = "0198c0de-0000-7000-8000-000000000341"
_PROVIDER = "0198c0de-0000-7000-8000-000000000101"
_EDUCATOR = "0198c0de-0000-7000-8000-000000000401"
_NAME = "Үлгі Мысал"
_CONSENT = "Whether the person agrees that the name is shown to anybody; without it none is kept"


class TrainerCreate(In):
    """Who teaches for a provider; for somebody from outside no more than a name, with consent."""

    provider_id: ProviderId = Field(description="For whom", examples=[_PROVIDER])
    educator_id: EducatorId | None = Field(
        default=None, description="The educator; null: somebody from outside", examples=[_EDUCATOR]
    )
    display_name: Name | None = Field(default=None, description="The name to show", examples=[_NAME])
    consent_public: Flag = Field(default=False, description=_CONSENT, examples=[True])

    @model_validator(mode="after")
    def _somebody(self) -> "TrainerCreate":
        if self.display_name is not None and not self.consent_public:
            raise wrong(
                "consent_needed",
                kk="Атын көрсетуге келісім керек",
                ru="Чтобы показывать имя, нужно согласие",
                en="A name is kept with consent only",
            )
        if self.educator_id is None and self.display_name is None:
            raise wrong(
                "name_needed",
                kk="Сырттан келген жаттықтырушының аты керек",
                ru="Для тренера со стороны нужно имя",
                en="Somebody from outside needs a name to show",
            )
        return self


class TrainerUpdate(In):
    """What changes of a trainer; what is left out stays. Without consent the name is forgotten."""

    display_name: Name | None = Field(default=None, description="The name to show", examples=[_NAME])
    consent_public: Flag | None = Field(default=None, description=_CONSENT, examples=[False], json_schema_extra=stays)
    in_use: Flag | None = Field(
        default=None,
        description="Whether new sessions may be given to this trainer",
        examples=[False],
        json_schema_extra=stays,
    )


class TrainerRead(Out):
    """Who teaches for a provider."""

    id: TrainerId = Field(description="Its identifier", examples=[_ID])
    provider_id: ProviderId = Field(description="For whom", examples=[_PROVIDER])
    educator_id: EducatorId | None = Field(description="The educator; null: somebody from outside")
    display_name: str | None = Field(
        description="The name, where the person agrees to its being shown", max_length=300, examples=[_NAME]
    )
    consent_public: bool = Field(description="Whether the person agrees to that", examples=[True])
    in_use: bool = Field(description="Whether new sessions may be given to this trainer", examples=[True])
    version: int = Field(description="Counts changes; the ETag is made of it", ge=1, examples=[1])


class TrainerQuery(PageQuery):
    """Which trainers."""

    provider_id: ProviderId | None = Field(default=None, description="Only of this provider", examples=[_PROVIDER])
    educator_id: EducatorId | None = Field(default=None, description="Only this educator", examples=[_EDUCATOR])
    in_use: bool | None = Field(default=None, description="Only those in use, or only those not", examples=[True])
