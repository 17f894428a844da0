"""What is done with educators: taking them in, one or many, and keeping their names from those who need not know."""

from services.training_api.educators.service.changing import change
from services.training_api.educators.service.privacy import claim, consents, move, steps
from services.training_api.educators.service.reading import (
    Learner,
    count,
    count_staffed,
    get,
    hired_first,
    hold,
    hold_many,
    learner,
    learners,
    name,
    names,
    of_iins,
    of_names,
    page,
    public_name,
    staff_on,
    staffed,
    workplaces,
)
from services.training_api.educators.service.taking_in import take_in, take_in_many

__all__ = [
    "Learner",
    "change",
    "claim",
    "consents",
    "count",
    "count_staffed",
    "get",
    "hired_first",
    "hold",
    "hold_many",
    "learner",
    "learners",
    "move",
    "name",
    "names",
    "of_iins",
    "of_names",
    "page",
    "public_name",
    "staff_on",
    "staffed",
    "steps",
    "take_in",
    "take_in_many",
    "workplaces",
]
