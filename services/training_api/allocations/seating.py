"""Who of those at a venue sits in which of its pools: as many in pools as possible, so that open seats stay open."""

from collections.abc import Mapping, Sequence

from services.training_api.allocations.case import Assignment, Case, Site


def seat_all(case: Case, assignment: Assignment) -> dict[int, int | None] | None:
    """By person placed: the place of the pool at the site, None for an open seat. None at all: they do not fit."""
    found: dict[int, int | None] = {}
    by_site: dict[int, dict[int, frozenset[int]]] = {}
    for person in sorted(assignment):
        way = case.ways[assignment[person]]
        by_site.setdefault(way.site, {})[person] = way.pools
    for number, wishes in by_site.items():
        seated = seat(case.sites[number], wishes)
        if seated is None:
            return None
        found |= seated
    return found


def seat(site: Site, fitting: Mapping[int, frozenset[int]]) -> dict[int, int | None] | None:
    """A largest matching of people with pool seats by augmenting paths (Kuhn), the rest on open seats.

    People come in the order given and pools in theirs, so that equal questions have equal answers.
    """
    order = sorted(range(len(site.pools)), key=lambda place: (site.pools[place].order, place))
    held: dict[int, list[int]] = {place: [] for place in order}
    for person in fitting:
        _place(site, fitting, order, held, person, set())
    found: dict[int, int | None] = {person: place for place, people in held.items() for person in people}
    rest = [person for person in fitting if person not in found]
    if len(rest) > site.open_seats:
        return None
    return found | dict.fromkeys(rest)


def _place(
    site: Site,
    fitting: Mapping[int, frozenset[int]],
    order: Sequence[int],
    held: dict[int, list[int]],
    person: int,
    tried: set[int],
) -> bool:
    for place in order:
        if place not in fitting[person] or place in tried:
            continue
        tried.add(place)
        if len(held[place]) < site.pools[place].seats:
            held[place].append(person)
            return True
        for other in list(held[place]):
            if _place(site, fitting, order, held, other, tried):
                held[place].remove(other)
                held[place].append(person)
                return True
    return False
