"""HTTP of contracts with providers."""

from typing import Annotated
from uuid import UUID

from fastapi import Body, Path, Query, Request, Response
from pydantic import TypeAdapter

from services.training_api.contracts import service as contracts
from services.training_api.dependencies import FILE_CHUNK, Key, answer_list, answer_one, answer_written, rows_of
from shared import clock
from shared.auth import Caller, requires
from shared.schemas.pages import Page
from shared.schemas.training.contracts import ContractCreate, ContractQuery, ContractRead, ContractUpdate
from shared.web import conditional, export
from shared.web.conditional import IfMatch
from shared.web.routing import Router
from shared.web.sessions import Reading, Writing

router = Router("/v1/provider-contracts", tags=["providers"])
routers = (router,)
_PAGE = TypeAdapter(Page[ContractRead])
_COLUMNS = tuple(ContractRead.model_fields)
_READER = [requires("training:read")]
_MANAGER = [requires("training:manage")]
ContractPath = Annotated[UUID, Path(description="The contract", examples=["0198c0de-0000-7000-8000-000000000901"])]


@router.get(
    "",
    summary="List contracts with providers",
    description="Places bought from providers, in the order the contracts were written down. As CSV, XLSX or NDJSON by "
    "`Accept`, then all of them.",
    response_model=Page[ContractRead],
    dependencies=_READER,
)
async def list_provider_contracts(
    request: Request, session: Reading, query: Annotated[ContractQuery, Query()]
) -> Response:
    format_ = export.wanted(request)
    if format_ != "json":
        whole = query.model_copy(update={"limit": FILE_CHUNK})
        lines = rows_of(
            request,
            lambda session, after: contracts.page(session, whole, after=after),
            keys=lambda contract: [contract.id],
            line=lambda contract: contract.model_dump(mode="json"),
        )
        return await export.respond(format_, _COLUMNS, lines, filename="provider-contracts")
    return await answer_list(
        request,
        query,
        _PAGE,
        of={"list": "provider-contracts"},
        parse=[UUID],
        fetch=lambda after: contracts.page(session, query, after=after),
        count=lambda: contracts.count(session, query),
        keys=lambda contract: [contract.id],
    )


@router.post(
    "",
    summary="Conclude a contract with a provider",
    description="Writes down how many places of a programme a buyer within your reach pays for, for the educators of "
    "an area, at what price. Places are used by courses that begin within its days. Two contracts for the same "
    "provider, programme and area do not overlap; where one is for a part of the other's area, the narrower is used "
    "first.",
    status_code=201,
    response_model=ContractRead,
    responses={409: {}},
    dependencies=_MANAGER,
)
async def conclude_provider_contract(
    body: ContractCreate, session: Writing, actor: Caller, _key: Key = None
) -> Response:
    contract = await contracts.conclude(session, actor, body, now=clock.now())
    location = f"/v1/provider-contracts/{contract.id}"
    return answer_written(contract, status=201, location=location, version=contract.version)


@router.get(
    "/{contract_id}",
    summary="Read a contract with a provider",
    description="One contract.",
    response_model=ContractRead,
    responses={304: {"description": "Not changed since it was read"}},
    dependencies=_READER,
)
async def read_provider_contract(request: Request, session: Reading, contract_id: ContractPath) -> Response:
    contract = await contracts.get(session, contract_id)
    return answer_one(request, contract, contract.version)


@router.patch(
    "/{contract_id}",
    summary="Change a contract with a provider",
    description="A JSON Merge Patch: its number, places, price or last day, as an agreement has changed them.",
    response_model=ContractRead,
    responses={409: {}},
    dependencies=_MANAGER,
)
async def change_provider_contract(
    request: Request,
    session: Writing,
    actor: Caller,
    contract_id: ContractPath,
    patch: Annotated[ContractUpdate, Body(media_type="application/merge-patch+json")],
    _if_match: IfMatch = None,
) -> Response:
    contract = await contracts.change(
        session,
        actor,
        contract_id,
        patch,
        check=lambda version: conditional.check_match(request, version),
        now=clock.now(),
    )
    return answer_written(contract, version=contract.version)
