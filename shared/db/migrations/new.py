"""Writes the next migration of a service, to be read and edited by hand before it is committed."""

import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, Literal

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.autogenerate.api import AutogenContext
from alembic.operations.ops import CreateTableOp
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, MetaData, text
from sqlalchemy.types import TypeDecorator

from shared.db.migrations.check import faults
from shared.db.migrations.history import VERSION_TABLE, folder, head, metadata_of
from shared.db.migrations.scratch import extensions, scratch_database
from shared.db.migrations.upgrade import migration_engine, upgrade

_LONGEST_REVISION = 32
_FILE = '''"""{meaning}."""
{imports}
from alembic import op

revision = {revision!r}
down_revision: str | None = {previous!r}


def upgrade() -> None:
{statements}
'''


class NothingToMigrateError(ValueError):
    """The migrations make already what the models say."""


async def write(server_url: str, service: str, meaning: str, *, on: date) -> Path:
    """The file of a new migration that leads from the last one to the models as they are now."""
    metadata = metadata_of(service)
    if wrong := faults(metadata):
        raise ValueError("; ".join(wrong))
    slug = "_".join("".join(letter if letter.isalnum() else " " for letter in meaning.lower()).split())
    path = folder(service) / f"m{on:%Y_%m_%d}_{slug}.py"
    if path.exists():
        raise FileExistsError(path)
    async with scratch_database(server_url) as url:
        await upgrade(url, service)
        engine = migration_engine(url)
        try:
            async with engine.connect() as connection:
                statements, imports = await connection.run_sync(_statements, metadata)
        finally:
            await engine.dispose()
    path.parent.mkdir(exist_ok=True)
    path.write_text(
        _FILE.format(
            meaning=meaning[:1].upper() + meaning[1:],
            imports="\n".join(sorted(imports)),
            revision=f"{on:%Y%m%d}_{slug}"[:_LONGEST_REVISION].rstrip("_"),
            previous=head(service),
            statements=statements,
        )
    )
    return path


def tidy(path: Path) -> None:
    """Put a generated file into the house's form."""
    for command in (("check", "--fix", "--exit-zero"), ("format",)):
        ruff = [sys.executable, "-m", "ruff", *command, str(path)]
        subprocess.run(ruff, check=True, capture_output=True)  # noqa: S603 # on a file we have just written


def _statements(connection: Connection, metadata: MetaData) -> tuple[str, set[str]]:
    context = MigrationContext.configure(
        connection,
        opts={
            "target_metadata": metadata,
            "version_table": VERSION_TABLE,
            "compare_type": True,
            "compare_server_default": True,
        },
    )
    operations = produce_migrations(context, metadata).upgrade_ops
    assert operations is not None
    present = set(connection.scalars(text("SELECT extname FROM pg_extension")))
    needed = [f"CREATE EXTENSION IF NOT EXISTS {name}" for name in extensions(metadata) if name not in present]
    further = []
    for operation in operations.ops:
        if isinstance(operation, CreateTableOp):
            further += metadata.tables[operation.table_name].info.get("after_create", ())
            operation.info = {}
    if not operations.ops and not needed:
        raise NothingToMigrateError("the migrations make already what the models say")
    imports = {"import sqlalchemy as sa"}
    render: Callable[..., str] = render_python_code
    code = render(
        operations,
        migration_context=context,
        render_item=_render_item,
        imports=["from sqlalchemy.dialects import postgresql"],
    )
    if "postgresql." in code:
        imports.add("from sqlalchemy.dialects import postgresql")
    body = "\n".join(line for line in code.splitlines() if not line.strip().startswith("#"))
    return "\n".join([*map(_execute, needed), body, *map(_execute, further)]), imports


def _execute(statement: str) -> str:
    quoted = f'"""\n{statement}\n"""' if "\n" in statement else repr(statement)
    return f"    op.execute({quoted})"


def _render_item(kind: str, item: Any, context: AutogenContext) -> str | Literal[False]:
    if kind == "type" and isinstance(item, TypeDecorator):
        # A migration must not change when our code does: it names what PostgreSQL stores.
        if context.dialect is None:
            return False
        stored = item.load_dialect_impl(context.dialect)
        return f"{'postgresql' if '.postgresql.' in type(stored).__module__ else 'sa'}.{stored!r}"
    return False
