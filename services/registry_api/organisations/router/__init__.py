"""HTTP of organisations: reading for everybody, commands for those whose reach it is."""

from services.registry_api.organisations.router.commands import router as commands
from services.registry_api.organisations.router.reads import resolve
from services.registry_api.organisations.router.reads import router as reads

routers = (reads, commands, resolve)

__all__ = ["routers"]
