"""First come, first served: what would become of the same people if each in turn took the best seat that is left."""

from services.training_api.allocations.case import Case


def first_come(case: Case) -> dict[int, int]:
    """By person: the way taken.

    In the order of application each takes, of the venues that are possible and have a seat, the one wished for most,
    else the nearest; a seat of a pool that fits before an open one. The most per school and the school's one venue
    are kept; the fewest per school cannot be, since who comes first does not know who follows.
    """
    open_seats = [site.open_seats for site in case.sites]
    pools = [[pool.seats for pool in site.pools] for site in case.sites]
    orders = [
        sorted(range(len(site.pools)), key=lambda place, site=site: (site.pools[place].order, place))  # type: ignore[misc]
        for site in case.sites
    ]
    crowds: dict[tuple[object, int], int] = {}
    homes: dict[object, int] = {}
    ways: dict[int, list[int]] = {}
    for number, way in enumerate(case.ways):
        ways.setdefault(way.person, []).append(number)
    found: dict[int, int] = {}
    for person in sorted(range(len(case.people)), key=lambda one: (case.people[one].arrival, case.people[one].id)):
        school = case.people[person].school
        wished = sorted(
            ways.get(person, ()),
            key=lambda one: (case.ways[one].rank or 10**6, case.ways[one].km, case.ways[one].site),
        )
        for number in wished:
            way = case.ways[number]
            most = case.limits.most_per_school
            if most is not None and crowds.get((school, way.site), 0) >= most:
                continue
            if case.limits.together and homes.get(school, way.site) != way.site:
                continue
            pool = next((one for one in orders[way.site] if one in way.pools and pools[way.site][one]), None)
            if pool is not None:
                pools[way.site][pool] -= 1
            elif open_seats[way.site]:
                open_seats[way.site] -= 1
            else:
                continue
            found[person] = number
            crowds[school, way.site] = crowds.get((school, way.site), 0) + 1
            homes[school] = way.site
            break
    return found
