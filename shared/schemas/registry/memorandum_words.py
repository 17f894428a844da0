"""The closed lists of words about memoranda, and the shapes of their parts."""

from enum import StrEnum
from typing import Annotated

from pydantic import ConfigDict, Field, StringConstraints, model_validator

from shared.schemas.base import FilledParagraph, In, wrong

MEMORANDUM_ID = "0199a4b2-7c3e-7d10-9a6b-0f6f0f3f5001"
PARTY_ID = "0199a4b2-7c3e-7d10-9a6b-0f6f0f3f5011"
ORGANISATION_ID = "0199a4b2-7c3e-7d10-9a6b-0f6f0f3f4601"
TITLE = {"kk": "Ынтымақтастық туралы меморандум", "ru": "Меморандум о сотрудничестве"}


class MemorandumStatus(StrEnum):
    """Where a memorandum stands in its life."""

    DRAFT = "draft"
    REVIEW = "review"
    SENT = "sent"
    PARTLY_SIGNED = "partly_signed"
    IN_FORCE = "in_force"
    SUSPENDED = "suspended"
    RENEWED = "renewed"
    """In force for a further period."""
    EXPIRED = "expired"
    TERMINATED = "terminated"
    CANCELLED = "cancelled"
    """Given up before it was sent."""
    REJECTED = "rejected"
    """A party would not sign."""


class MemorandumAction(StrEnum):
    """What can be done to a memorandum."""

    DRAFT = "draft"
    SUBMIT = "submit"
    RETURN = "return"
    SEND = "send"
    SIGN = "sign"
    REJECT = "reject"
    CANCEL = "cancel"
    SUSPEND = "suspend"
    RESUME = "resume"
    RENEW = "renew"
    EXPIRE = "expire"
    TERMINATE = "terminate"


class RenewalKind(StrEnum):
    """What happens when the last day has come."""

    NONE = "none"
    AUTO = "auto"
    """It goes on for another term unless a party gives notice."""
    BY_CONSENT = "by_consent"
    """It goes on if the parties say so."""


class NextActionKind(StrEnum):
    """What has to be done next, by a day."""

    GIVE_NOTICE = "give_notice"
    """The last day to say that it is not to go on by itself."""
    ASK_CONSENT = "ask_consent"
    """The day by which the parties have to be asked whether it goes on."""
    PREPARE_END = "prepare_end"
    """The day from which its end has to be prepared."""


class PartyKind(StrEnum):
    """What a party is."""

    AKIMAT = "akimat"
    AUTHORITY = "authority"
    NETWORK_OPERATOR = "network_operator"
    SCHOOL = "school"
    PRESCHOOL = "preschool"
    COLLEGE = "college"
    UNIVERSITY = "university"
    ACADEMY = "academy"
    PROVIDER = "provider"
    SUBUNIT = "subunit"
    BUSINESS = "business"
    NONPROFIT = "nonprofit"
    INTERNATIONAL = "international"
    OTHER = "other"


class MemorandumPartyRole(StrEnum):
    """What part a party has."""

    INITIATOR = "initiator"
    PARTNER = "partner"
    SPONSOR = "sponsor"
    BENEFICIARY = "beneficiary"
    OBSERVER = "observer"


class ClauseChange(StrEnum):
    """What an amendment does to a clause."""

    ADD = "add"
    REPLACE = "replace"
    REMOVE = "remove"


class DocumentKind(StrEnum):
    """What a document is."""

    DRAFT = "draft"
    SIGNED = "signed"
    ANNEX = "annex"
    AMENDMENT = "amendment"
    TRANSLATION = "translation"
    EVIDENCE = "evidence"


class DocumentLanguage(StrEnum):
    """The language of a rendition."""

    KK = "kk"
    RU = "ru"
    EN = "en"


KindTag = Annotated[str, StringConstraints(max_length=40, pattern=r"^[a-z][a-z0-9_]{1,39}$")]
"""What a memorandum is about: `career_guidance`, `research`."""

Country = Annotated[str, StringConstraints(min_length=2, max_length=2, pattern=r"^[A-Z]{2}$")]
"""A country by its ISO 3166-1 code."""

BinText = Annotated[str, StringConstraints(min_length=12, max_length=12, pattern=r"^[0-9]{12}$")]
"""Twelve digits; the last one checks the others."""

ClauseNumber = Annotated[str, StringConstraints(max_length=20, pattern=r"^[0-9]{1,3}(\.[0-9]{1,3}){0,4}$")]
"""The number of a clause: `1`, `2.3`."""

ReasonCode = Annotated[str, StringConstraints(max_length=40, pattern=r"^[a-z][a-z0-9_]{1,39}$")]
"""A reason by its code."""

Sha256 = Annotated[str, StringConstraints(min_length=71, max_length=71, pattern=r"^sha256:[0-9a-f]{64}$")]
"""What a file is known by: the digest of its bytes."""


class ClauseText(In):
    """A text of up to 10,000 characters in Kazakh, Russian and English, as far as it has been written."""

    kk: FilledParagraph | None = Field(
        default=None, description="Kazakh", examples=["Қала мектептеріне әдістер енгізу"]
    )
    ru: FilledParagraph | None = Field(
        default=None, description="Russian", examples=["Внедрение методик в школы города"]
    )
    en: FilledParagraph | None = Field(
        default=None, description="English", examples=["New methods for the city's schools"]
    )

    model_config = ConfigDict(
        json_schema_extra={
            "anyOf": [
                {"required": [language], "properties": {language: {"type": "string"}}}
                for language in ("kk", "ru", "en")
            ]
        }
    )

    @model_validator(mode="after")
    def _one_language_at_least(self) -> "ClauseText":
        if self.kk is None and self.ru is None and self.en is None:
            raise wrong(
                "text_empty",
                kk="kk, ru, en тілдерінің кемінде бірінде мәтін керек",
                ru="Нужен текст хотя бы на одном из языков kk, ru, en",
                en="A text is needed in at least one of kk, ru and en",
            )
        return self
