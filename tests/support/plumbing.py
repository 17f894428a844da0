"""An app with the endpoints of the plumbing alone, on the plumbing's tables."""

from pathlib import Path

from fastapi import FastAPI
from pydantic import SecretStr

from shared.db.base import service_metadata
from shared.db.engine import Database
from shared.settings import ServiceSettings
from shared.web import changes, jobs
from shared.web.app import Service, create_service_app


async def create_tables(database: Database) -> None:
    """All tables that every service has."""
    async with database.writer.begin() as connection:
        await connection.run_sync(service_metadata().create_all)


def build(url: str, key: Path) -> FastAPI:
    """The feed and the jobs, and nothing else."""
    settings = ServiceSettings.model_validate(
        {
            "service": "registry",
            "database_url": SecretStr(url),
            "cursor_secret": SecretStr("for tests"),
            "local_key_file": key,
        }
    )
    return create_service_app(
        settings,
        Service(
            package="registry_api",
            title="Plumbing",
            summary="Plumbing",
            description="Plumbing",
            tags=[{"name": "jobs", "description": "Jobs"}, {"name": "changes", "description": "Changes"}],
            routers=[changes.router("registry:read"), jobs.router()],
        ),
    )
