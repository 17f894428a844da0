"""What the registry's feed last told of each organisation."""

from datetime import date
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.training_api.base import Base


class Organisation(Base):
    """A copy; only the follower of the feed writes it, and the registry has the history."""

    __tablename__ = "organisations"
    __table_args__ = (
        Index("ix_organisations_area_path", "area_path", postgresql_using="gin"),
        Index("ix_organisations_type", "type"),
    )
    __audit__ = False

    id: Mapped[UUID] = mapped_column(primary_key=True)
    type: Mapped[str]
    kind: Mapped[str | None]
    status: Mapped[str]
    name_kk: Mapped[str | None]
    name_ru: Mapped[str | None]
    name_en: Mapped[str | None]
    area: Mapped[str | None] = mapped_column(String(9))
    area_path: Mapped[list[str]] = mapped_column(ARRAY(Text))
    """KATO codes from the region down to the area itself."""
    ownership: Mapped[str | None]
    setting: Mapped[str | None]
    languages: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    """Languages of instruction."""
    is_synthetic: Mapped[bool]
    valid_from: Mapped[date | None]
    deleted: Mapped[bool]
    """Deleted in the registry; kept here because enrolments refer to it."""
    position: Mapped[int] = mapped_column(BigInteger)
    """Position in the feed of the last event applied to this row."""
