"""The table of providers."""

from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from services.training_api.base import Base
from shared.db.base import Identified, Versioned


class Provider(Identified, Versioned, Base):
    """An organisation that gives courses."""

    __tablename__ = "providers"

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), unique=True)
    code: Mapped[str] = mapped_column(unique=True)
