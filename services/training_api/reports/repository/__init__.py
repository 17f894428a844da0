"""The statements of reports; they only read, and name the tables of all capabilities as text, as coverage does."""

from services.training_api.reports.repository.funnel import Ended, Passage, Wanted, passages
from services.training_api.reports.repository.matrix import Held, Taught, held, keep_regions, regions, taught, themes
from services.training_api.reports.repository.statements import Sold, sold, uncontracted
from services.training_api.reports.repository.venues import Seats, venues, venues_count

__all__ = [
    "Ended",
    "Held",
    "Passage",
    "Seats",
    "Sold",
    "Taught",
    "Wanted",
    "held",
    "keep_regions",
    "passages",
    "regions",
    "sold",
    "taught",
    "themes",
    "uncontracted",
    "venues",
    "venues_count",
]
