"""The statements that count over the tables of several capabilities at once; they only read.

Tables are named here as text: coverage stands above all capabilities, belongs to none of them, and a report over five
tables asked piece by piece would be five thousand queries.
"""

from services.training_api.coverage.repository.documents import Certified, Taught, certified, taught
from services.training_api.coverage.repository.due import (
    Due,
    Lacking,
    Named,
    Workplace,
    due,
    lacking,
    lacking_persons,
    named,
    named_count,
    workplaces,
    workplaces_count,
)
from services.training_api.coverage.repository.groups import Group, groups
from services.training_api.coverage.repository.needs import Norm, Planned, norm, planned
from services.training_api.coverage.repository.persons import Selection
from services.training_api.coverage.repository.table import Upskilled, upskilled

__all__ = [
    "Certified",
    "Due",
    "Group",
    "Lacking",
    "Named",
    "Norm",
    "Planned",
    "Selection",
    "Taught",
    "Upskilled",
    "Workplace",
    "certified",
    "due",
    "groups",
    "lacking",
    "lacking_persons",
    "named",
    "named_count",
    "norm",
    "planned",
    "taught",
    "upskilled",
    "workplaces",
    "workplaces_count",
]
