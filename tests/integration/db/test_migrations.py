"""Migrations: generated, applied and compared for a service that exists only here; compared for those that are real."""

import asyncio
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

import services
from shared.db.engine import Database
from shared.db.migrations import history
from shared.db.migrations.check import difference, faults
from shared.db.migrations.new import NothingToMigrateError, tidy, write
from shared.db.migrations.upgrade import upgrade

SERVICE = "library_api"
BASE = """
from sqlalchemy.orm import DeclarativeBase

from shared.db.base import TYPES, service_metadata


class Base(DeclarativeBase):
    metadata = service_metadata()
    type_annotation_map = TYPES
"""
MODELS = """
from typing import Any

from sqlalchemy import CheckConstraint, Computed, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.library_api.base import Base
from shared.db.base import Identified, Versioned
from shared.db.bitemporal import Bitemporal, never_empty, no_overlap


class Book(Identified, Versioned, Base):
    __tablename__ = "books"
    __table_args__ = (
        CheckConstraint("pages > 0", name="pages_positive"),
        Index("ix_books_title_trgm", "title", postgresql_using="gin", postgresql_ops={"title": "gin_trgm_ops"}),
    )

    title: Mapped[str]
    title_lower: Mapped[str] = mapped_column(Text(collation="C"), Computed("lower(title)", persisted=True))
    pages: Mapped[int | None]
    notes: Mapped[dict[str, Any] | None]


class BookState(Identified, Bitemporal, Base):
    __tablename__ = "book_states"
    __table_args__ = (no_overlap("shelf", name="ex_book_states_one_at_a_time"), never_empty())

    shelf: Mapped[str]
"""
DAY = date(2026, 9, 1)


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A service in a folder of its own, which Python finds as `services.library_api`."""
    folder = tmp_path / SERVICE
    folder.mkdir()
    for name, content in (("__init__", ""), ("base", BASE), ("models", MODELS)):
        (folder / f"{name}.py").write_text(content)
    monkeypatch.setattr(services, "__path__", [*services.__path__, str(tmp_path)])
    # A file changed twice in one second and to the same length would be read from its cache.
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    yield folder
    _forget()


def _forget() -> None:
    for name in [name for name in sys.modules if name.startswith(f"services.{SERVICE}")]:
        del sys.modules[name]


async def test_a_first_migration_makes_exactly_what_the_models_say(
    library: Path, postgres_url: str, empty_database: str
) -> None:
    path = await write(postgres_url, SERVICE, "books and shelves", on=DAY)
    tidy(path)

    assert path == library / "migrations" / "m2026_09_01_books_and_shelves.py"
    assert history.head(SERVICE) == "20260901_books_and_shelves"
    assert await difference(postgres_url, SERVICE) == []
    assert await upgrade(empty_database, SERVICE) == ["20260901_books_and_shelves"]
    assert await upgrade(empty_database, SERVICE) == []
    written = path.read_text()
    assert "Computed" in written
    assert "ExcludeConstraint" in written
    assert "CREATE EXTENSION IF NOT EXISTS pg_trgm" in written
    assert "audit_entries_append_only" in written
    with pytest.raises(NothingToMigrateError):
        await write(postgres_url, SERVICE, "again", on=DAY)


async def test_the_reached_revision_is_known_before_and_after(
    library: Path, empty_database: str, postgres_url: str
) -> None:
    await write(postgres_url, SERVICE, "books", on=DAY)
    database = Database(empty_database, application_name="test")
    async with database.reading() as session:
        assert await history.current(session) is None
    await upgrade(empty_database, SERVICE)
    async with database.reading() as session:
        assert await history.current(session) == history.head(SERVICE)
    await database.close()


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("pages > 0", "pages > 1", "pages > 1"),
        ("lower(title)", "upper(title)", "upper(title)"),
        ("pages: Mapped[int | None]", "pages: Mapped[int]", "pages bigint not null"),
        ('no_overlap("shelf", name', 'no_overlap("shelf", "id", name', "EXCLUDE USING gist (shelf WITH =, id WITH ="),
    ],
)
async def test_a_model_that_has_moved_on_is_noticed(
    library: Path, postgres_url: str, old: str, new: str, shown: str
) -> None:
    await write(postgres_url, SERVICE, "books", on=DAY)
    _forget()
    (library / "models.py").write_text(MODELS.replace(old, new))

    lines = await difference(postgres_url, SERVICE)

    assert any(line.startswith("+") and shown in line for line in lines), lines


async def test_two_starters_migrate_once(library: Path, postgres_url: str, empty_database: str) -> None:
    await write(postgres_url, SERVICE, "books", on=DAY)

    applied = await asyncio.gather(*(upgrade(empty_database, SERVICE) for _ in range(3)))

    assert sorted(map(len, applied)) == [0, 0, 1]


async def test_a_migration_waits_for_a_table_in_use_without_stopping_its_readers(
    library: Path, postgres_url: str, empty_database: str
) -> None:
    first = await write(postgres_url, SERVICE, "books", on=DAY)
    await upgrade(empty_database, SERVICE)
    (first.parent / "m2026_09_02_more.py").write_text(
        '"""More."""\n\nfrom alembic import op\n\nrevision = "more"\n'
        f'down_revision = "{history.head(SERVICE)}"\n\n\n'
        'def upgrade() -> None:\n    op.execute("ALTER TABLE books ADD COLUMN more text")\n'
    )
    database = Database(empty_database, application_name="test")

    async with database.writing() as session:
        await session.execute(text("SELECT count(*) FROM books"))
        upgrading = asyncio.create_task(upgrade(empty_database, SERVICE))
        longest = 0.0
        loop = asyncio.get_running_loop()
        for _ in range(15):
            asked = loop.time()
            async with database.reading() as reader:
                await reader.execute(text("SELECT count(*) FROM books"))
            longest = max(longest, loop.time() - asked)
            await asyncio.sleep(0.08)
        assert not upgrading.done()
    assert await upgrading == ["more"]
    await database.close()

    assert longest < 1.5


async def test_a_migration_that_cannot_get_its_lock_gives_up_and_says_so(
    library: Path, postgres_url: str, empty_database: str
) -> None:
    await write(postgres_url, SERVICE, "books", on=DAY)
    database = Database(empty_database, application_name="test")
    async with database.writing() as session:
        await session.execute(text("CREATE TABLE books (id int)"))

        with pytest.raises(TimeoutError):
            await upgrade(empty_database, SERVICE, patience=timedelta(seconds=1))
        await session.rollback()
    await database.close()

    assert len(await upgrade(empty_database, SERVICE)) == 1


async def test_two_last_migrations_are_refused(library: Path, postgres_url: str) -> None:
    path = await write(postgres_url, SERVICE, "books", on=DAY)
    (path.parent / "m2026_09_02_other.py").write_text('revision = "other"\ndown_revision = None\n')

    with pytest.raises(RuntimeError, match="2 last migrations"):
        history.head(SERVICE)


async def test_a_moment_without_a_zone_is_refused(library: Path, postgres_url: str) -> None:
    (library / "models.py").write_text(
        MODELS + "\n\nfrom sqlalchemy import DateTime\n\n\nclass Loan(Identified, Base):\n"
        '    __tablename__ = "loans"\n    due: Mapped[Any] = mapped_column(DateTime())\n'
    )

    assert faults(history.metadata_of(SERVICE))[0].startswith("loans.due")
    with pytest.raises(ValueError, match=r"loans\.due"):
        await write(postgres_url, SERVICE, "loans", on=DAY)


def test_an_unknown_service_is_told() -> None:
    with pytest.raises(LookupError, match="no service named nothing"):
        history.head("nothing")


@pytest.mark.parametrize("service", history.applications())
async def test_the_migrations_of_each_service_make_what_its_models_say(service: str, postgres_url: str) -> None:
    assert faults(history.metadata_of(service)) == []
    assert await difference(postgres_url, service) == []
