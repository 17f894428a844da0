"""Appeals on the wire: what an organisation objects to in its preview, by when it is answered, what was decided."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from shared.schemas.actions import RefusedAction
from shared.schemas.base import Code, FilledParagraph, FullParagraph, In, Out, TextOut, Whole, wrong
from shared.schemas.pages import PageQuery

_RUN = "01a20034-2d1f-7e31-9195-f778672b15af"
_ORGANISATION = "01a20034-2d1f-77a4-b618-84a4220ed269"
Link = Annotated[
    str,
    StringConstraints(
        max_length=500,
        pattern=r"^https://[A-Za-z0-9][A-Za-z0-9.\-]{1,200}(:[0-9]{1,5})?(/[A-Za-z0-9._~/?#@!$&()*+,;=:%\-]*)?$",
    ),
]
"""An address that begins with https."""


class AppealRules(In):
    """Whether organisations see a rating before the public does, and how long they may object."""

    working_days: Annotated[Whole, Field(ge=1, le=60)] = Field(
        default=10, description="Length of the window in working days of Kazakhstan", examples=[10]
    )


class AppealGround(StrEnum):
    """What is wrong in the eyes of the organisation."""

    VALUE_WRONG = "value_wrong"
    VALUE_MISSING = "value_missing"
    REASON_WRONG = "reason_wrong"
    METHOD_MISAPPLIED = "method_misapplied"
    WRONG_GROUP = "wrong_group"
    OTHER = "other"


class AppealState(StrEnum):
    """How far an appeal has come."""

    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    UPHELD = "upheld"
    PARTLY_UPHELD = "partly_upheld"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class AppealAction(StrEnum):
    """What may be done to an appeal."""

    SUBMIT = "submit"
    REVIEW = "review"
    DECIDE = "decide"
    WITHDRAW = "withdraw"


class Remedy(StrEnum):
    """How an upheld appeal is put right in the run that follows."""

    INVALIDATE = "invalidate"
    AT_SOURCE = "at_source"


class Correction(In):
    """What is put right, and how."""

    indicator: Code = Field(description="The indicator", examples=["SCH_UNT_MEAN"])
    remedy: Remedy = Field(
        description="`invalidate`: the next run leaves the value out for the reason `invalidated`; `at_source`: the "
        "registry or training has been corrected, and the next run reads it anew"
    )


class AppealCreate(In):
    """An objection to what a run in preview says of one organisation."""

    run_id: UUID = Field(description="The run in preview", examples=[_RUN])
    organisation_id: UUID = Field(description="The organisation it speaks of", examples=[_ORGANISATION])
    indicator: Code | None = Field(
        default=None, description="The indicator whose value is disputed; needed for grounds about a value"
    )
    ground: AppealGround = Field(description="What is wrong")
    text: FilledParagraph = Field(
        description="Why, in words. No names and no numbers of persons: they are not needed for the decision",
        examples=["The results of 12 graduates of the evening form were left out."],
    )
    evidence: list[Link] = Field(
        default=[], description="Where it can be seen", max_length=20, examples=[["https://bilim.example/protocol"]]
    )

    @model_validator(mode="after")
    def _names_what_is_disputed(self) -> "AppealCreate":
        about_a_value = (AppealGround.VALUE_WRONG, AppealGround.VALUE_MISSING, AppealGround.REASON_WRONG)
        if self.indicator is None and self.ground in about_a_value:
            raise wrong(
                "indicator_needed",
                kk="Қай көрсеткіш туралы екенін көрсетіңіз",
                ru="Укажите, о каком показателе речь",
                en="Say which indicator it is about",
            )
        return self


class AppealRemark(In):
    """A word that goes into the history."""

    comment: FilledParagraph | None = Field(default=None, description="What should be remembered of this step")


class AppealOutcome(StrEnum):
    """How an appeal is decided."""

    UPHELD = "upheld"
    PARTLY_UPHELD = "partly_upheld"
    REJECTED = "rejected"


class AppealDecision(In):
    """The decision, with its reason in both languages."""

    outcome: AppealOutcome = Field(description="How it is decided")
    reason: FullParagraph = Field(
        description="Why, in Kazakh and Russian; the organisation reads it",
        examples=[{"kk": "Кешкі бөлім түлектері ескерілмеген.", "ru": "Не учтены выпускники вечерней формы."}],
    )
    corrections: list[Correction] = Field(
        default=[], description="What is put right; needed unless the appeal is rejected", max_length=50
    )

    @model_validator(mode="after")
    def _says_what_follows(self) -> "AppealDecision":
        if (self.outcome is AppealOutcome.REJECTED) == bool(self.corrections):
            raise wrong(
                "corrections_do_not_fit",
                kk="Қанағаттандырылған шағым не түзетілетінін айтады, қабылданбағаны айтпайды",
                ru="Удовлетворённая апелляция называет, что исправляется, отклонённая не называет ничего",
                en="An appeal that is upheld names what is put right, one that is rejected names nothing",
            )
        if len({one.indicator for one in self.corrections}) < len(self.corrections):
            raise wrong(
                "indicator_twice",
                kk="Көрсеткіш екі рет аталған",
                ru="Показатель назван дважды",
                en="An indicator is named twice",
            )
        return self


class AppealQuery(PageQuery):
    """Which appeals; always within the caller's reach, the oldest first."""

    run_id: UUID | None = Field(default=None, description="Only against this run", examples=[_RUN])
    organisation_id: UUID | None = Field(
        default=None, description="Only of this organisation", examples=[_ORGANISATION]
    )
    state: AppealState | None = Field(default=None, description="Only in this state", examples=["submitted"])
    overdue: bool | None = Field(
        default=None, description="Only those whose answer is late, or only those whose is not", examples=[True]
    )


class AppealRead(Out):
    """An appeal, its deadline and its decision."""

    id: UUID = Field(description="Identifier", examples=["01a20034-2d1f-7b02-8c11-3a1f0f6a7d10"])
    run_id: UUID = Field(description="The run it is against", examples=[_RUN])
    organisation_id: UUID = Field(description="The organisation that objects", examples=[_ORGANISATION])
    organisation: TextOut = Field(description="Its name", examples=[{"kk": "№46 мектеп", "ru": "Школа № 46"}])
    indicator: str | None = Field(description="The indicator whose value is disputed", max_length=64)
    ground: AppealGround = Field(description="What is wrong in its eyes")
    text: str = Field(description="Why, in words", max_length=10_000)
    evidence: list[str] = Field(description="Where it can be seen", max_length=20)
    state: AppealState = Field(description="How far it has come")
    submitted_at: datetime = Field(description="When it was handed in", examples=["2026-12-01T10:00:00+05:00"])
    answer_due_at: datetime = Field(
        description="When the answer is late: midnight after the tenth working day", examples=["2026-12-16T00:00:00Z"]
    )
    overdue: bool = Field(description="Whether it is late now", examples=[False])
    reason: TextOut | None = Field(description="Why it was decided so")
    corrections: list[Correction] = Field(description="What is put right", max_length=50)
    decided_by: str | None = Field(description="Who decided, as the issuer of tokens names the caller", max_length=600)
    decided_at: datetime | None = Field(description="When it was decided or withdrawn")
    allowed_actions: list[AppealAction] = Field(description="What may be done now", max_length=4)
    refused_actions: list[RefusedAction] = Field(description="What may not, and why", max_length=4)
    version: int = Field(description="Counts changes; the ETag is made of it", ge=1, examples=[1])


class AppealStepRead(Out):
    """One step in the life of an appeal."""

    number: int = Field(description="Its place in the history, from 1", ge=1, le=1000)
    action: AppealAction = Field(description="What was done")
    from_state: AppealState | None = Field(description="The state before")
    to_state: AppealState = Field(description="The state after")
    actor: str = Field(description="Who did it, as the issuer of tokens names the caller", max_length=600)
    comment: str | None = Field(description="What should be remembered of it", max_length=10_000)
    recorded_at: datetime = Field(description="When", examples=["2026-12-01T10:00:00+05:00"])


class AppealSteps(Out):
    """The history of an appeal, from its first step."""

    items: list[AppealStepRead] = Field(description="Its steps", max_length=1000)
