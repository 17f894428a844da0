"""What can be said about who was taught: indicators for the rating, and reports."""

from services.training_api.coverage.service.documents import certified, coverage
from services.training_api.coverage.service.due import educators, educators_count, report, workplaces, workplaces_count
from services.training_api.coverage.service.needs import needs
from services.training_api.coverage.service.table import indicator_table

__all__ = [
    "certified",
    "coverage",
    "educators",
    "educators_count",
    "indicator_table",
    "needs",
    "report",
    "workplaces",
    "workplaces_count",
]
