"""What may happen to a thing, as a table: one machine for every kind of thing that has a life of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Generic, TypeVar

from shared.errors import Text

S = TypeVar("S", bound=StrEnum)
A = TypeVar("A", bound=StrEnum)

WRONG_STATE = Text(
    kk="Мұны мына күйлерден ғана жасауға болады: {states}",
    ru="Это возможно только из состояний: {states}",
    en="This can be done from these states only: {states}",
)


@dataclass(frozen=True, slots=True)
class Move(Generic[S, A]):
    """One line of a table: an action leads from each of the states before to one of the states after."""

    action: A
    before: frozenset[S | None]
    """None: the thing is not there yet, or has not entered this machine."""
    after: frozenset[S]
    is_command: bool = True
    """Whether a caller may ask for it; the others follow from something else."""
    is_for_managers: bool = False
    """Whether the course decides (`training:manage` over the provider) and not the person or the workplace."""
    needs_reason: bool = False
    """Whether it cannot go without a code of the list of reasons."""


@dataclass(frozen=True, slots=True)
class Refusal(Generic[A]):
    """An action that is not possible now, and why."""

    action: A
    code: str
    message: Text


@dataclass(frozen=True)
class Machine(Generic[S, A]):
    """A table of moves under the name it has in lists of reasons and in transitions.

    An action that leads from different states to different ones has several lines, which are alike in all else.
    """

    name: str
    moves: Sequence[Move[S, A]]

    @cached_property
    def by_action(self) -> Mapping[A, Move[S, A]]:
        """The line of each action, or the first of its lines."""
        return {move.action: move for move in reversed(self.moves)}

    def before(self, action: A) -> frozenset[S | None]:
        """The states from which the action leads somewhere."""
        return frozenset().union(*(move.before for move in self.moves if move.action is action))

    def allows(self, action: A, state: S | None, target: S | None = None) -> bool:
        """Whether the table has a way from `state` by `action`; to `target`, if one is named."""
        return any(
            move.action is action and state in move.before and (target is None or target in move.after)
            for move in self.moves
        )

    def commands(self, state: S | None) -> list[A]:
        """What a caller may ask for in this state."""
        return [action for action in self._asked_for if state in self.before(action)]

    def refusals(self, state: S | None) -> list[Refusal[A]]:
        """What a caller may not ask for in this state, and from which states one may."""
        return [
            Refusal(action, "wrong_state", _told(self.before(action)))
            for action in self._asked_for
            if state not in self.before(action)
        ]

    @cached_property
    def _asked_for(self) -> Sequence[A]:
        return list(dict.fromkeys(move.action for move in self.moves if move.is_command))

    def pairs(self) -> list[tuple[S | None, S]]:
        """Every change of state that some action makes, in a fixed order."""
        found = {(before, after) for move in self.moves for before in move.before for after in move.after}
        return sorted(found, key=lambda pair: (pair[0] or "", pair[1]))


def _told(before: frozenset[S | None]) -> Text:
    states = ", ".join(sorted(state.value for state in before if state is not None)) or "—"
    return Text(*(sentence.format(states=states) if sentence else sentence for sentence in WRONG_STATE))


def _literals(states: Sequence[StrEnum]) -> str:
    return ", ".join(f"'{state.value}'" for state in states)


def steps_follow(table: str, machine: Machine[S, A], *, only: str = "true") -> tuple[str, str]:
    """Function and trigger: rows of the table of transitions are only added, and only such as the machine has.

    The table has the columns `action`, `from_status` (NULL: none) and `to_status`; `only` tells which of its rows are
    this machine's, as a condition on NEW.
    """
    lines = "\n            OR ".join(
        f"(NEW.action = '{move.action.value}' AND {_from(move)} AND NEW.to_status IN ({_literals(sorted(move.after))}))"
        for move in machine.moves
    )
    name = f"{table}_follow_{machine.name}"
    return (
        f"""
CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        RAISE EXCEPTION 'transitions are only added' USING ERRCODE = 'check_violation';
    END IF;
    IF {only} AND NOT ({lines}) THEN
        RAISE EXCEPTION 'the machine {machine.name} has no such move' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$
""".strip(),
        f"CREATE TRIGGER {name} BEFORE INSERT OR UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
    )


def state_follows(table: str, column: str, machine: Machine[S, A]) -> tuple[str, str]:
    """Function and trigger: the column of the thing itself changes only as some move of the machine does."""
    befores: dict[str, set[S]] = {}
    for before, after in machine.pairs():
        befores.setdefault(before.value if before else "", set()).add(after)
    lines = "\n            OR ".join(
        f"(coalesce(OLD.{column}, '') = '{before}' AND NEW.{column} IN ({_literals(sorted(afters))}))"
        for before, afters in sorted(befores.items())
    )
    name = f"{table}_{column}_follows_{machine.name}"
    return (
        f"""
CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.{column} IS DISTINCT FROM OLD.{column} AND NOT ({lines}) THEN
        RAISE EXCEPTION 'the machine {machine.name} does not lead from % to %', OLD.{column}, NEW.{column}
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$
""".strip(),
        f"CREATE TRIGGER {name} BEFORE UPDATE OF {column} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
    )


def _from(move: Move[S, A]) -> str:
    states = sorted(state for state in move.before if state is not None)
    parts = [f"NEW.from_status IN ({_literals(states)})"] if states else []
    if None in move.before:
        parts.append("NEW.from_status IS NULL")
    return f"({' OR '.join(parts)})"
