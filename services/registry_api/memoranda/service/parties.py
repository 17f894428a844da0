"""Who a memorandum is between: parties join, change their signatory, and leave."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.registry_api.memoranda import errors, repository, rules
from services.registry_api.memoranda.models import Memorandum, MemorandumParty
from services.registry_api.memoranda.service import reads
from services.registry_api.organisations import identifiers
from services.registry_api.organisations.service import scope as organisations
from services.registry_api.organisations.service import units
from services.registry_api.organisations.service.units import Portrayed
from services.registry_api.patches import PatchRefused
from shared.auth import Actor
from shared.clock import day_in_kazakhstan
from shared.db.sessions import AnySession, WriteSession
from shared.errors import FieldError, Problem, Text
from shared.schemas.registry.memoranda import PartyCreate, PartyUpdate, Signatory
from shared.schemas.registry.memorandum_words import MemorandumStatus
from shared.schemas.registry.organisation_words import IdentifierScheme

_CHANGING = rules.UNWRITTEN | rules.LIVE
"""While it is out for signature nobody joins and nobody leaves."""
_STAYS = Text(kk="Алып тастауға болмайды", ru="Убрать нельзя", en="It cannot be removed")


def refuse(found: Sequence[tuple[str, Problem]]) -> None:
    """Raise what was found: the first as it is, with every wrong place in it."""
    if found:
        first = found[0][1]
        first.errors = tuple(FieldError(pointer, problem.code, problem.sentence()) for pointer, problem in found)
        raise first


async def joining(
    session: AnySession, asked: Sequence[PartyCreate], *, on: date, pointers: Sequence[str]
) -> list[Portrayed | None]:
    """Who the organisations named as parties are. Raises `PartyUnknown`, `PartyRegistered`, `IdentifierMalformed`."""
    ids = {one.organisation_id for one in asked if one.organisation_id is not None}
    known = await units.portrayed(session, ids, on=on)
    refuse(
        [
            (f"{pointer}/organisation_id", errors.PartyUnknown())
            for one, pointer in zip(asked, pointers, strict=True)
            if one.organisation_id is not None and one.organisation_id not in known
        ]
    )
    for one, pointer in zip(asked, pointers, strict=True):
        if one.bin is not None:
            await _check_bin(session, one.bin, pointer=f"{pointer}/bin")
    return [known[one.organisation_id] if one.organisation_id is not None else None for one in asked]


async def _check_bin(session: AnySession, bin_: str, *, pointer: str) -> None:
    try:
        identifiers.check(IdentifierScheme.KZ_BIN, bin_, secret=None)
    except Problem as problem:
        problem.errors = (FieldError(pointer, problem.code, problem.sentence()),)
        raise
    bearer = (await organisations.bearers(session, IdentifierScheme.KZ_BIN, [bin_])).get(bin_)
    if bearer is not None:
        raise errors.PartyRegistered(pointer=pointer, organisation_id=str(bearer))


def columns(asked: PartyCreate, known: Portrayed | None) -> dict[str, Any]:
    """The columns of a party."""
    name = asked.name
    kind = asked.kind or rules.kind_of(known.type if known else None, known.kind if known else None)
    return {
        "organisation_id": asked.organisation_id,
        "name_kk": name.kk if name else None,
        "name_ru": name.ru if name else None,
        "name_en": name.en if name else None,
        "country": asked.country or rules.HOME,
        "bin": asked.bin,
        "is_legal_entity": asked.is_legal_entity,
        "kind": kind.value,
        "role": asked.role.value,
        **_signatory(asked.signatory),
    }


def _signatory(asked: Signatory | None) -> dict[str, Any]:
    position = asked.position if asked else None
    return {
        "position_kk": position.kk if position else None,
        "position_ru": position.ru if position else None,
        "position_en": position.en if position else None,
        "basis": asked.basis if asked else None,
    }


async def join(
    session: WriteSession,
    actor: Actor,
    memorandum: Memorandum,
    asked: PartyCreate,
    *,
    effective_from: date | None,
    now: datetime,
) -> UUID:
    """One more party from a day on; its id."""
    first = effective_from or day_in_kazakhstan(now)
    standing = await _changing(session, actor, memorandum, on=first)
    refuse(list(rules.party_faults(asked)))
    if asked.organisation_id is not None and asked.organisation_id in {one.organisation_id for one in standing}:
        raise errors.PartyThere(pointer="/organisation_id")
    if len(standing) >= rules.MOST_PARTIES:
        raise errors.PartiesTooMany(most=rules.MOST_PARTIES)
    (known,) = await joining(session, [asked], on=first, pointers=[""])
    party_id = await repository.add_party(session, memorandum.id, columns(asked, known), since=first, now=now)
    await repository.touch(session, memorandum, now=now)
    return party_id


async def change(
    session: WriteSession,
    actor: Actor,
    memorandum: Memorandum,
    party_id: UUID,
    patch: PartyUpdate,
    *,
    effective_from: date | None,
    now: datetime,
) -> None:
    """Another part, kind or signatory from a day on."""
    first = effective_from or day_in_kazakhstan(now)
    _find(await _changing(session, actor, memorandum, on=first, always=True), party_id)
    told = patch.model_fields_set
    for name in ("kind", "role"):
        if name in told and getattr(patch, name) is None:
            raise PatchRefused(errors=[FieldError(f"/{name}", "stays", _STAYS)])
    changes: dict[str, Any] = {name: getattr(patch, name).value for name in ("kind", "role") if name in told}
    if "signatory" in told:
        changes |= _signatory(patch.signatory)
    if changes and await repository.amend_party(session, party_id, changes, valid_from=first, now=now):
        await repository.touch(session, memorandum, now=now)


async def leave(
    session: WriteSession,
    actor: Actor,
    memorandum: Memorandum,
    party_id: UUID,
    *,
    effective_from: date | None,
    now: datetime,
) -> None:
    """From a day on it is no party. Two have to stay once it is signed."""
    first = effective_from or day_in_kazakhstan(now)
    standing = await _changing(session, actor, memorandum, on=first)
    _find(standing, party_id)
    left = {one.party_id for one in standing} - {party_id}
    if MemorandumStatus(memorandum.status) in rules.LIVE and len(left) < rules.FEWEST_PARTIES:
        raise errors.PartiesTooFew(parties=len(left))
    await repository.end_party(session, party_id, valid_from=first, now=now)
    await repository.touch(session, memorandum, now=now)


def _find(standing: Sequence[MemorandumParty], party_id: UUID) -> None:
    if party_id not in {one.party_id for one in standing}:
        raise errors.PartyNotFound()


async def _changing(
    session: WriteSession, actor: Actor, memorandum: Memorandum, *, on: date, always: bool = False
) -> list[MemorandumParty]:
    timeline = await repository.timeline(session, memorandum.id)
    if on < (timeline[0].valid.lower or date.min):
        raise errors.BeforeFirstDay()
    standing = await repository.parties_since(session, memorandum.id, since=on)
    await reads.demand(session, actor, timeline[-1].area_code, [one.organisation_id for one in standing], on=on)
    if not always and MemorandumStatus(memorandum.status) not in _CHANGING:
        raise errors.Settled(status=memorandum.status)
    return standing


async def listed(
    session: AnySession,
    memorandum_id: UUID,
    *,
    actor: Actor | None,
    now: datetime,
    as_of: date | None,
    known_at: datetime | None,
) -> list[dict[str, Any]]:
    """The parties of a day. Raises `MemorandumNotFound`."""
    seen = await reads.get(session, memorandum_id, actor=actor, now=now, as_of=as_of, known_at=known_at)
    parties: list[dict[str, Any]] = seen.document["parties"]
    return parties
