"""What is said about one row of many: imports hand rows in by the thousand and want every fault by its row."""

from dataclasses import dataclass

from shared.errors import Problem


@dataclass(frozen=True, slots=True)
class RowRefusal:
    """Why one row cannot be taken."""

    row: int
    """Its place among the rows handed in, from 0."""
    pointer: str
    """JSON pointer to the field that is wrong: `/area`; empty for the row as a whole."""
    problem: Problem
