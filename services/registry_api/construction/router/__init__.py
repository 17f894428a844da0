"""HTTP of construction: reading for everybody, commands for those whose reach it is."""

from services.registry_api.construction.router import commands, reads

routers = (reads.router, reads.programmes, commands.router, commands.batches, commands.programmes)

__all__ = ["routers"]
