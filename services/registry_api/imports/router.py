"""HTTP of imports."""

from typing import Annotated
from uuid import UUID

from fastapi import File, Form, Path, Query, Request, Response, UploadFile
from pydantic import StringConstraints, TypeAdapter

from services.registry_api.imports import reports
from services.registry_api.imports import service as imports
from services.registry_api.imports.models import Import
from services.registry_api.imports.service import Asked
from shared import clock, jobs
from shared.auth import Caller, requires
from shared.schemas.pages import Page
from shared.schemas.registry.import_words import ImportKind
from shared.schemas.registry.imports import ImportRead, ImportsQuery, ImportSummary
from shared.schemas.sheets import Delimiter, FileEncoding
from shared.web import conditional, languages, pages
from shared.web.idempotency import IdempotencyKey
from shared.web.routing import Router
from shared.web.sessions import Reading, Writing

router = Router("/v1/imports", tags=["imports"])

_PAGE = TypeAdapter(Page[ImportSummary])
_LONGEST_NAME = 300
_FORMS = (
    *("OrganisationsMapping", "ObservationsMapping", "AreasMapping", "IndicatorsMapping"),
    *("MembershipsMapping", "TargetsMapping", "EventsMapping", "ConstructionMapping"),
)
_MAPPING = """\
What the columns mean, as a JSON document: `OrganisationsMapping`, `ObservationsMapping` and so on, by kind.
Without it the columns must bear our own headings in Kazakh, Russian or English.
"""
_ORGANISATIONS_EXAMPLE = (
    '{"columns": {"URN": "identifier.value", "SCHNAME": ["name.kk", "name.ru", "name.en"], "LATITUDE": "latitude"}, '
    '"constants": {"identifier.scheme": "urn", "type": "school", "area": "750000000"}}'
)
_OBSERVATIONS_EXAMPLE = (
    '{"organisation": {"scheme": "urn", "column": "URN"}, "period": "2018-2019", "indicators": {"P8MEA": "ENG_P8MEA"}, '
    '"reasons": {"SUPP": "suppressed", "NP": "not_reported", "NE": "not_applicable", "": "not_reported"}}'
)
ImportId = Annotated[UUID, Path(description="The import", examples=["01936f0e-5b1c-7a40-8c3e-0d2f4b6a8c10"])]


@router.post(
    "",
    summary="Hand in a file",
    description="Takes a CSV, XLSX or NDJSON file of up to 64 MiB and reads it in a job. The sign between cells "
    "(`;` `,` tab `|`), the encoding (UTF-8, UTF-16, Windows-1251, KZ-1048) and decimal commas are recognised. By "
    "default one bad row refuses the whole file and nothing changes; `partial` keeps the good rows. The same file "
    "twice changes nothing. Rows with identifiers of persons are refused.",
    status_code=202,
    response_model=ImportRead,
    dependencies=[requires("registry:write")],
)
async def hand_in_import(
    request: Request,
    response: Response,
    session: Writing,
    actor: Caller,
    file: Annotated[UploadFile, File(description="The file: CSV, XLSX or NDJSON, up to 64 MiB")],
    kind: Annotated[ImportKind, Form(description="What its rows are", examples=["organisations"])],
    dry_run: Annotated[bool, Form(description="Check only; change nothing", examples=[False])] = False,
    partial: Annotated[bool, Form(description="Keep the good rows although others are bad", examples=[False])] = False,
    mapping: Annotated[
        Annotated[str, StringConstraints(max_length=200_000)] | None,
        Form(
            description=_MAPPING,
            examples=[_ORGANISATIONS_EXAMPLE, _OBSERVATIONS_EXAMPLE],
            json_schema_extra={
                "contentMediaType": "application/json",
                "contentSchema": {"anyOf": [{"$ref": f"#/components/schemas/{form}"} for form in _FORMS]},
            },
        ),
    ] = None,
    delimiter: Annotated[
        Delimiter | None, Form(description="The sign between cells, where it is not to be recognised", examples=["tab"])
    ] = None,
    encoding: Annotated[
        FileEncoding | None, Form(description="The encoding, where it is not to be recognised", examples=["utf-8"])
    ] = None,
    _key: IdempotencyKey = None,
) -> ImportRead:
    asked = Asked(
        kind=kind,
        file_name=_file_name(file.filename),
        mapping=mapping,
        dry_run=dry_run,
        partial=partial,
        delimiter=delimiter,
        encoding=encoding,
    )
    limit = request.app.state.settings.import_limit_bytes
    one = await imports.hand_in(session, actor, asked, file.read, limit_bytes=limit, now=clock.now())
    response.headers["Location"] = jobs.link(one.job_id)
    response.headers["Content-Location"] = f"/v1/imports/{one.id}"
    return _read(one, request)


@router.get(
    "",
    summary="List imports",
    description="The caller's own imports, newest first; admins and auditors see all.",
    response_model=Page[ImportSummary],
    dependencies=[requires("registry:read")],
)
async def list_imports(
    request: Request, session: Reading, actor: Caller, query: Annotated[ImportsQuery, Query()]
) -> Response:
    of = query.model_dump(mode="json", exclude={"limit", "cursor", "count"}) | {"of": actor.subject}
    after = pages.start(request, query.cursor, of=of, length=1)
    rows, total = await imports.page(session, actor, query, after=after)
    items, next_cursor = pages.cut(request, rows, limit=query.limit, of=of, keys=lambda row: (row["id"],))
    return pages.answer(request, _PAGE, items, next_cursor=next_cursor, total=total)


@router.get(
    "/{import_id}",
    summary="Read an import",
    description="Where an import stands and its report: what the file held, what became of it, and each bad row with "
    "its number, column, value, code and message.",
    response_model=ImportRead,
    responses={304: {"description": "Not changed since it was read"}},
    dependencies=[requires("registry:read")],
)
async def read_import(
    request: Request, response: Response, session: Reading, actor: Caller, import_id: ImportId
) -> ImportRead | Response:
    one = await imports.get(session, actor, import_id)
    tag = conditional.etag(one.version, languages.preferred(request.headers.get("accept-language")))
    if conditional.is_unchanged(request, tag):
        return conditional.not_modified(tag)
    response.headers["ETag"] = tag
    return _read(one, request)


@router.post(
    "/{import_id}/undo",
    summary="Undo an import",
    description="Takes back, in a job, what an applied import brought; definitions and the classifier are mended by a "
    "new file instead. Refused (409) when something newer stands on it.",
    status_code=202,
    response_model=ImportRead,
    dependencies=[requires("registry:write")],
)
async def undo_import(
    request: Request,
    response: Response,
    session: Writing,
    actor: Caller,
    import_id: ImportId,
    _key: IdempotencyKey = None,
) -> ImportRead:
    one, job_id = await imports.ask_to_undo(session, actor, import_id, clock.now())
    response.headers["Location"] = jobs.link(job_id)
    return _read(one, request)


def _read(one: Import, request: Request) -> ImportRead:
    language = languages.preferred(request.headers.get("accept-language"))
    report = reports.read(one.report, language) if one.report is not None else None
    return ImportRead.model_validate(
        {
            **{name: getattr(one, name) for name in ImportRead.model_fields if name not in ("report", "mapping")},
            "mapping": imports.mapping_from(ImportKind(one.kind), one.mapping),
            "report": report,
        }
    )


def _file_name(told: str | None) -> str:
    """The last part of the name a client gives, without signs that are not for reading."""
    last = (told or "").replace("\\", "/").rpartition("/")[2]
    return "".join(sign for sign in last if sign.isprintable())[:_LONGEST_NAME] or "file"
