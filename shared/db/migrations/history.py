"""Where a service keeps its migrations, which of them is the last, and which one a database has reached."""

import ast
from importlib import import_module
from pathlib import Path

from sqlalchemy import MetaData, text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.db.sessions import AnySession

VERSION_TABLE = "alembic_version"


def applications() -> list[str]:
    """The services that have a history, by the names of their packages."""
    return sorted({found.parent.parent.name for root in _roots() for found in root.glob("*/migrations/*.py")})


def folder(service: str) -> Path:
    """Where the migrations of `registry_api` (say) lie."""
    for root in _roots():
        if (root / service).is_dir():
            return root / service / "migrations"
    raise LookupError(f"there is no service named {service}")


def head(service: str) -> str | None:
    """The revision that the code of a service was written for. Two heads are an error: one of them must be rebased.

    Read from the files without Alembic, whose import would be a tenth of a service's start.
    """
    steps = dict(_step(file) for file in folder(service).glob("*.py") if file.stem != "__init__")
    heads = sorted(revision for revision in steps if revision not in steps.values())
    if len(heads) > 1:
        raise RuntimeError(f"{service} has {len(heads)} last migrations ({', '.join(heads)}): let one follow the other")
    return heads[0] if heads else None


async def current(connection: AnySession | AsyncConnection) -> str | None:
    """The revision that a database has reached; None for one that was never migrated."""
    if await connection.scalar(text("SELECT to_regclass(:name) IS NULL").bindparams(name=VERSION_TABLE)):
        return None
    found = await connection.scalar(text(f"SELECT version_num FROM {VERSION_TABLE}"))  # noqa: S608 # a constant
    return str(found) if found is not None else None


def metadata_of(service: str) -> MetaData:
    """All tables of a service, as its models say they are."""
    # By name, because `shared` stands below the services: this is a tool that is told which one to work on.
    import_module(f"services.{service}.models")
    found = import_module(f"services.{service}.base").Base.metadata
    assert isinstance(found, MetaData)
    return found


def _step(file: Path) -> tuple[str, str | None]:
    """The revision that a migration makes, and the one it follows."""
    told: dict[str, str | None] = {}
    for line in ast.parse(file.read_text()).body:
        target = line.targets[0] if isinstance(line, ast.Assign) else getattr(line, "target", None)
        value = getattr(line, "value", None)
        if isinstance(target, ast.Name) and target.id in {"revision", "down_revision"} and value is not None:
            told[target.id] = ast.literal_eval(value)
    revision = told["revision"]
    assert revision is not None
    return revision, told["down_revision"]


def _roots() -> list[Path]:
    # By name, as in `metadata_of`.
    return [Path(root) for root in import_module("services").__path__]
