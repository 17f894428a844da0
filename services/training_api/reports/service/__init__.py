"""What can be said about courses as of any day: where they were, who came through, what they cost."""

from services.training_api.reports.service.funnel import funnel
from services.training_api.reports.service.matrix import keep_regions, matrix
from services.training_api.reports.service.statements import statements
from services.training_api.reports.service.venues import venues, venues_count

__all__ = ["funnel", "keep_regions", "matrix", "statements", "venues", "venues_count"]
