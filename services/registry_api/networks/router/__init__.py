"""HTTP of networks and memberships."""

from services.registry_api.networks.router import definitions, stays

routers = (definitions.router, stays.of_network, stays.router)
