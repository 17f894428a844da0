"""What is done with contracts: concluded, changed by agreement, read."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from services.training_api.contracts import errors, repository
from services.training_api.contracts.models import ProviderContract
from services.training_api.organisations import service as organisations
from services.training_api.programmes import service as programmes
from services.training_api.providers import service as providers
from shared import outbox
from shared.auth import Actor, Scope
from shared.db.sessions import AnySession, WriteSession
from shared.ids import new_id
from shared.schemas.training.contracts import ContractCreate, ContractQuery, ContractRead, ContractUpdate
from shared.schemas.training.programmes import ProgrammeQuery


async def conclude(session: WriteSession, actor: Actor, body: ContractCreate, *, now: datetime) -> ContractRead:
    """Write a contract down, for the buyer within whose area the caller manages training.

    Raises `OrganisationUnknown`, `OutOfReach`, `ProviderUnknown`, `ContractProgrammeUnknown`,
    `ContractPeriodReversed`, `ContractOverlaps`.
    """
    buyer = await organisations.require(session, body.buyer_id, pointer="/buyer_id")
    actor.demand(Scope.TRAINING_MANAGE, buyer.area_path, buyer.id)
    await providers.require(session, body.provider_id, pointer="/provider_id")
    if body.ends_on < body.starts_on:
        raise errors.ContractPeriodReversed(pointer="/ends_on")
    taught = ProgrammeQuery(provider_id=body.provider_id, code=body.programme_code, limit=1)
    if not await programmes.count(session, taught):
        raise errors.ContractProgrammeUnknown(pointer="/programme_code")
    contract = ProviderContract(
        id=new_id(),
        provider_id=body.provider_id,
        buyer_id=body.buyer_id,
        number=body.number,
        programme_code=body.programme_code,
        area=body.area,
        places=body.places,
        price_per_place=Decimal(body.price_per_place),
        period=repository.period(body.starts_on, body.ends_on),
        created_at=now,
        updated_at=now,
    )
    await _check_alone(session, contract)
    session.add(contract)
    await session.flush()
    return await _told(session, contract, "contract.concluded")


async def change(
    session: WriteSession,
    actor: Actor,
    contract_id: UUID,
    body: ContractUpdate,
    *,
    check: Callable[[int], None],
    now: datetime,
) -> ContractRead:
    """Change what `body` gives, once `check` has agreed to the version that is there.

    Raises `ContractNotFound`, `OutOfReach`, `ContractFieldMustStay`, `ContractPeriodReversed`, `ContractOverlaps`.
    """
    contract = await _find(session, contract_id)
    await organisations.demand(session, actor, Scope.TRAINING_MANAGE, contract.buyer_id)
    check(contract.version)
    for name in sorted(body.model_fields_set):
        if getattr(body, name) is None:
            raise errors.ContractFieldMustStay(pointer=f"/{name}")
    begun = contract.period.lower
    assert begun is not None
    if body.ends_on is not None:
        if body.ends_on < begun:
            raise errors.ContractPeriodReversed(pointer="/ends_on")
        contract.period = repository.period(begun, body.ends_on)
        await _check_alone(session, contract)
    if body.number is not None:
        contract.number = body.number
    if body.places is not None:
        contract.places = body.places
    if body.price_per_place is not None:
        contract.price_per_place = Decimal(body.price_per_place)
    contract.updated_at = now
    await session.flush()
    return await _told(session, contract, "contract.changed")


async def get(session: AnySession, contract_id: UUID) -> ContractRead:
    """One contract. Raises `ContractNotFound`."""
    return _read(await _find(session, contract_id))


async def page(session: AnySession, query: ContractQuery, *, after: Sequence[Any] | None) -> list[ContractRead]:
    """Contracts in the order they were written down."""
    return [_read(contract) for contract in await repository.page(session, query, after=after)]


async def count(session: AnySession, query: ContractQuery) -> int:
    """How many there are."""
    return await repository.count(session, query)


async def _find(session: AnySession, contract_id: UUID) -> ProviderContract:
    contract = await repository.find(session, contract_id)
    if contract is None:
        raise errors.ContractNotFound
    return contract


async def _check_alone(session: WriteSession, contract: ProviderContract) -> None:
    other = await repository.overlapping(session, contract)
    if other is not None:
        raise errors.ContractOverlaps(contract=str(other))


async def _told(session: WriteSession, contract: ProviderContract, kind: str) -> ContractRead:
    read = _read(contract)
    event = outbox.Event(
        kind=kind, subject="contract", subject_id=contract.id, data=read.model_dump(mode="json", exclude={"version"})
    )
    await outbox.add(session, event)
    return read


def _read(contract: ProviderContract) -> ContractRead:
    assert contract.period.lower is not None
    assert contract.period.upper is not None
    return ContractRead.model_validate(
        {
            "id": contract.id,
            "provider_id": contract.provider_id,
            "buyer_id": contract.buyer_id,
            "number": contract.number,
            "programme_code": contract.programme_code,
            "area": contract.area,
            "places": contract.places,
            "price_per_place": f"{contract.price_per_place:.2f}",
            "starts_on": contract.period.lower,
            "ends_on": contract.period.upper - timedelta(days=1),
            "version": contract.version,
        }
    )
