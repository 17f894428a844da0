"""Brings the databases named in the environment to the present schema: `python -m deploy.local.migrate`."""

import asyncio
import os

from deploy.local.services import SERVICES
from shared.db.migrations.upgrade import upgrade


async def migrate() -> None:
    for service in SERVICES:
        await upgrade(os.environ[service.database_variable], service.package)


if __name__ == "__main__":
    asyncio.run(migrate())
