"""HTTP of reports."""

from services.training_api.reports.router import courses, figures

routers = (*figures.routers, *courses.routers)
