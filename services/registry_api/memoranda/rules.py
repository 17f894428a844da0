"""What may happen to a memorandum, as a table, and the decisions about it that take no database to make."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from services.registry_api.memoranda import errors
from shared.errors import Problem, Text
from shared.schemas.registry.memoranda import MemorandumAttributes, PartyCreate
from shared.schemas.registry.memorandum_words import MemorandumAction as Action
from shared.schemas.registry.memorandum_words import MemorandumStatus as Status
from shared.schemas.registry.memorandum_words import NextActionKind, PartyKind, RenewalKind

HOME = "KZ"
FEWEST_PARTIES = 2
MOST_PARTIES = 100

LIVE = frozenset({Status.IN_FORCE, Status.RENEWED, Status.SUSPENDED})
"""It binds its parties, or would if it were not suspended; ends by its last day."""
PUBLIC = LIVE | {Status.EXPIRED, Status.TERMINATED}
"""It was concluded, so everybody may know of it."""
UNWRITTEN = frozenset({Status.DRAFT, Status.REVIEW})
"""Its text is still being written."""


@dataclass(frozen=True, slots=True)
class Transition:
    """One line of the table: an action leads from each of the statuses before to one of those after."""

    action: Action
    before: frozenset[Status]
    after: frozenset[Status]


def _line(action: Action, before: Collection[Status], *after: Status) -> Transition:
    return Transition(action, frozenset(before), frozenset(after))


_SIGNING = (Status.SENT, Status.PARTLY_SIGNED)
TABLE: tuple[Transition, ...] = (
    _line(Action.SUBMIT, {Status.DRAFT}, Status.REVIEW),
    _line(Action.RETURN, {Status.REVIEW, Status.SENT}, Status.DRAFT),
    _line(Action.SEND, {Status.REVIEW}, Status.SENT),
    _line(Action.SIGN, _SIGNING, Status.PARTLY_SIGNED, Status.IN_FORCE),
    _line(Action.REJECT, _SIGNING, Status.REJECTED),
    _line(Action.CANCEL, UNWRITTEN, Status.CANCELLED),
    _line(Action.SUSPEND, {Status.IN_FORCE, Status.RENEWED}, Status.SUSPENDED),
    _line(Action.RESUME, {Status.SUSPENDED}, Status.IN_FORCE),
    _line(Action.RENEW, {Status.IN_FORCE, Status.RENEWED, Status.EXPIRED}, Status.RENEWED),
    _line(Action.EXPIRE, LIVE, Status.EXPIRED),
    _line(Action.TERMINATE, LIVE, Status.TERMINATED),
)
BY_ACTION: Mapping[Action, Transition] = {line.action: line for line in TABLE}
COMMANDS = tuple(BY_ACTION)


@dataclass(frozen=True, slots=True)
class Standing:
    """What a decision about a memorandum depends on, on a day."""

    written: Status
    """Where its last step led."""
    parties: int
    ends_on: date | None
    renewal: RenewalKind
    day: date

    @property
    def is_over(self) -> bool:
        """Its last day has passed, and nothing makes it go on."""
        return self.ends_on is not None and self.ends_on < self.day and self.renewal is not RenewalKind.AUTO

    @property
    def shown(self) -> Status:
        """Where it stands: a memorandum in force is expired once its last day has passed, with or without a step."""
        return Status.EXPIRED if self.written in LIVE and self.is_over else self.written


def refusal(action: Action, standing: Standing) -> Problem | None:
    """Why the action cannot be taken; None if it can."""
    if action is Action.SIGN and standing.parties < FEWEST_PARTIES:
        return errors.PartiesTooFew(parties=standing.parties)
    written_over = standing.written in LIVE and standing.is_over
    if action is Action.EXPIRE and standing.written in LIVE:
        return None if standing.is_over else errors.NotOverYet()
    if action not in _ways(standing) or (written_over and action is not Action.RENEW):
        allowed = ", ".join(one.value for one in COMMANDS if one in _ways(standing))
        return errors.TransitionNotAllowed(status=standing.shown.value, allowed=allowed or "—")
    return None


def _ways(standing: Standing) -> list[Action]:
    return [line.action for line in TABLE if standing.shown in line.before]


_WHY_NOT = {
    errors.PartiesTooFew.code: "parties_too_few",
    errors.NotOverYet.code: "not_over_yet",
    errors.TransitionNotAllowed.code: "wrong_status",
}
OUT_OF_REACH = Text(
    kk="Бұл меморандум сіздің құзыретіңізге кірмейді",
    ru="Этот меморандум вне ваших полномочий",
    en="This memorandum is out of your reach",
)


def actions(standing: Standing, *, may_write: bool) -> Iterator[tuple[Action, tuple[str, Text] | None]]:
    """Every action with why it cannot be taken, in the order of the table."""
    for action in COMMANDS:
        found = refusal(action, standing)
        if found is not None:
            yield action, (_WHY_NOT[found.code], found.sentence())
        else:
            yield action, None if may_write else ("out_of_reach", OUT_OF_REACH)


def next_action(
    status: Status,
    *,
    ends_on: date | None,
    renewal: RenewalKind,
    renewal_months: int | None,
    notice_days: int | None,
    day: date,
) -> tuple[NextActionKind, date] | None:
    """What has to be done next, and by which day: `notice_days` before the end of the present term."""
    if status not in LIVE or ends_on is None:
        return None
    end = ends_on
    if renewal is RenewalKind.AUTO and renewal_months:
        end = term_end(ends_on, renewal_months, day=day)
    by = end - timedelta(days=notice_days or 0)
    match renewal:
        case RenewalKind.AUTO:
            if by < day and renewal_months:  # the chance for this term is gone; the next one comes
                by = months_after(end, renewal_months) - timedelta(days=notice_days or 0)
            return NextActionKind.GIVE_NOTICE, by
        case RenewalKind.BY_CONSENT:
            return NextActionKind.ASK_CONSENT, by
        case RenewalKind.NONE:
            return NextActionKind.PREPARE_END, by


def term_end(ends_on: date, months: int, *, day: date) -> date:
    """The last day of the term that `day` falls into, when each term follows the other.

    >>> term_end(date(2024, 1, 31), 12, day=date(2026, 2, 1))
    datetime.date(2027, 1, 31)
    """
    if day <= ends_on:
        return ends_on
    passed = (day.year - ends_on.year) * 12 + day.month - ends_on.month
    terms = max(1, -(-passed // months))
    end = months_after(ends_on, terms * months)
    return end if end >= day else months_after(ends_on, (terms + 1) * months)


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last one of that month; never past the year 2200.

    >>> months_after(date(2026, 1, 31), 1)
    datetime.date(2026, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > 2200:
        return date(2200, 12, 31)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return min(following - timedelta(days=1), date(year, month + 1, 1) + timedelta(days=day.day - 1))


def faults(attributes: MemorandumAttributes) -> Iterator[tuple[str, Problem]]:
    """What is wrong with a memorandum in itself, by place."""
    if attributes.title.kk is None and attributes.title.ru is None:
        yield "/title", errors.TitleNeedsKazakhOrRussian()
    if attributes.starts_on and attributes.ends_on and attributes.ends_on < attributes.starts_on:
        yield "/ends_on", errors.EndBeforeStart()
    if attributes.renewal is RenewalKind.AUTO and (attributes.ends_on is None or attributes.renewal_months is None):
        yield "/renewal", errors.RenewalIncomplete()
    numbers = [clause.number for clause in attributes.clauses]
    for place, number in enumerate(numbers):
        if number in numbers[:place]:
            yield f"/clauses/{place}/number", errors.ClauseRepeated()


def party_faults(party: PartyCreate) -> Iterator[tuple[str, Problem]]:
    """What is wrong with a party in itself: who has a BIN, who needs one, who cannot have one."""
    if party.organisation_id is not None:
        if party.bin is not None:
            yield "/bin", errors.BinMisplaced()
        return
    if party.country is None:
        yield "/country", errors.CountryNeeded()
    elif party.country == HOME and party.is_legal_entity and party.bin is None:
        yield "/bin", errors.BinNeeded()
    elif party.bin is not None and (party.country != HOME or not party.is_legal_entity):
        yield "/bin", errors.BinMisplaced()


_KINDS = {
    "network_operator": PartyKind.NETWORK_OPERATOR,
    "university": PartyKind.UNIVERSITY,
    "academy": PartyKind.ACADEMY,
    "subunit": PartyKind.SUBUNIT,
}
_TYPES = {
    "authority": PartyKind.AUTHORITY,
    "school": PartyKind.SCHOOL,
    "special": PartyKind.SCHOOL,
    "preschool": PartyKind.PRESCHOOL,
    "college": PartyKind.COLLEGE,
    "provider": PartyKind.PROVIDER,
}


def kind_of(type_: str | None, kind: str | None) -> PartyKind:
    """What a party is, when nobody says so: told by the type and kind of its organisation."""
    return _KINDS.get(kind or "") or _TYPES.get(type_ or "") or PartyKind.OTHER


@dataclass(frozen=True, slots=True)
class Place:
    """A party as it stood before a reorganisation."""

    party_id: UUID
    memorandum_id: UUID
    organisation_id: UUID


def successions(
    parties: Sequence[Place], *, predecessors: Collection[UUID], successor: UUID
) -> dict[UUID, tuple[str, UUID]]:
    """What becomes of the parties of predecessors: `moved`, or `ended` for the party that stands for the successor.

    In each memorandum the successor stands once: where it is a party already, the predecessors' parties end; where it
    is not, the first of them goes on under its name and the others end.
    """
    standing = {place.memorandum_id: place.party_id for place in parties if place.organisation_id == successor}
    found: dict[UUID, tuple[str, UUID]] = {}
    for place in sorted(parties, key=lambda place: place.party_id):
        if place.organisation_id not in predecessors or place.organisation_id == successor:
            continue
        heir = standing.setdefault(place.memorandum_id, place.party_id)
        found[place.party_id] = ("moved" if heir == place.party_id else "ended", heir)
    return found


_SIGNS: tuple[tuple[str, bytes, str], ...] = (
    (".pdf", b"%PDF-", "application/pdf"),
    (".docx", b"PK\x03\x04", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    (".odt", b"PK\x03\x04", "application/vnd.oasis.opendocument.text"),
    (".png", b"\x89PNG\r\n\x1a\n", "image/png"),
    (".jpg", b"\xff\xd8\xff", "image/jpeg"),
    (".jpeg", b"\xff\xd8\xff", "image/jpeg"),
    (".p7s", b"\x30", "application/pkcs7-signature"),
    (".cms", b"\x30", "application/cms"),
)

MEDIA_TYPES = tuple(dict.fromkeys(type_ for _, _, type_ in _SIGNS))
"""What documents may be."""


def media_type(file_name: str, head: bytes) -> str:
    """What a file is, by its name and its first bytes together. Raises `DocumentTypeRefused`.

    What the sender says of it does not count: a page that calls itself a PDF would be opened as a page.
    """
    lowered = file_name.lower()
    for ending, sign, type_ in _SIGNS:
        if lowered.endswith(ending) and head.startswith(sign):
            return type_
    raise errors.DocumentTypeRefused(pointer="/file")
