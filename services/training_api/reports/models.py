"""The table of regions: a copy of the first level of the registry's classifier."""

from datetime import date

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from services.training_api.base import Base
from services.training_api.reports.regions import REGIONS
from shared.db.base import after_create


class Region(Base):
    """A region, or a city that is one. One that is no more keeps its row, with the day it ended."""

    __tablename__ = "regions"
    __audit__ = False

    code: Mapped[str] = mapped_column(String(9), primary_key=True)
    name_kk: Mapped[str | None]
    name_ru: Mapped[str | None]
    name_en: Mapped[str | None]
    valid_until: Mapped[date | None]
    """First day on which it is no longer a region; null while it is."""


_ROWS = ", ".join(f"('{code}', '{kk}', '{ru}', '{en}')" for code, kk, ru, en in REGIONS)
after_create(
    Region.__table__,  # type: ignore[arg-type] # a mapped class has a Table
    f"INSERT INTO regions (code, name_kk, name_ru, name_en) VALUES {_ROWS}",  # noqa: S608 -- constants
)
