"""HTTP of indicators and reports of coverage."""

from services.training_api.coverage.router import documents, due

routers = (*documents.routers, *due.routers)
