"""Certificates from the number to the file that anybody verifies: D3, and what becomes of them later."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
from fastapi import FastAPI
from openbadgeslib.ob3 import OB3VerificationError, OB3Verifier
from openvc.did.base import DidDocument, parse_did_document
from openvc.proof.errors import SignatureInvalid
from openvc.status import CredentialRevoked
from openvc.verify import verify_credential

from services.training_api import worker
from services.training_api.credentials.keys import SigningKey
from shared import clock
from tests.support import apps
from tests.support.cluster import driver_url
from tests.support.training import World

Json = dict[str, Any]
_FIRST, _LAST, _ISSUED = date(2026, 1, 5), date(2026, 1, 8), "2026-01-09"
_NAME = {"kk": {"family": "Үлгіұлы", "given": "Мысал", "patronymic": "Әкесіұлы"}}
_TOKEN = {"Accept": "application/vc+jwt"}
_WRONG = {"reason_code": "issued_in_error"}


@pytest.fixture(scope="module")
async def stranger(world: World) -> AsyncIterator[httpx.AsyncClient]:
    """A caller without a token."""
    async with apps.client_for(_app(world)) as client:
        yield client


def _app(world: World) -> FastAPI:
    app = world.http._transport.app  # type: ignore[attr-defined] # the transport of apps.client_for
    assert isinstance(app, FastAPI)
    return app


@asynccontextmanager
async def _another(world: World, local_key_file: Path, **environment: str) -> AsyncIterator[httpx.AsyncClient]:
    """A stranger at another app upon the same database."""
    url = _app(world).state.settings.database_url.get_secret_value()
    app = apps.build_app(
        "training", {"TRAINING_DATABASE_URL": url, "BILIM_LOCAL_KEY_FILE": str(local_key_file), **environment}
    )
    async with apps.running(app), apps.client_for(app) as client:
        yield client


async def _earned(world: World, person: str | None = None, *, ago: int = 0, **programme: Any) -> Json:
    """An enrolment that was completed with a pass, `ago` years before 2026."""
    first, last = _FIRST.replace(year=2026 - ago), _LAST.replace(year=2026 - ago)
    cohort = await world.cohort(programme_id=await world.programme(**programme), venues=[1], first=first, last=last)
    enrolment = await world.enrol(cohort, person or await world.educator(name=_NAME))
    return await world.complete(enrolment, effective_on=last.isoformat())


async def _issued(world: World, person: str | None = None, *, ago: int = 0, **programme: Any) -> Json:
    earned = await _earned(world, person, ago=ago, **programme)
    day = date.fromisoformat(_ISSUED).replace(year=2026 - ago).isoformat()
    return await world.post("/v1/certificates", {"enrolment_id": earned["id"], "issued_on": day})


async def _moved(world: World, number: str, action: str, *, on: str | None = None, **more: Any) -> Json:
    return await world.post(f"/v1/certificates/{number}/{action}", {**_WRONG, "effective_on": on, **more})


async def _file(world: World, number: str, form: str, **headers: str) -> bytes:
    answer = await world.http.get(f"/v1/certificates/{number}/{form}", headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.content


async def _verified(stranger: httpx.AsyncClient, data: bytes) -> tuple[str, str | None]:
    answer = await stranger.post("/v1/verify", files={"file": ("certificate", data)})
    assert answer.status_code == 200, answer.text
    return answer.json()["outcome"], answer.json()["failed"]


async def test_d3_a_course_of_4_by_8_hours_does_not_count_and_one_of_4_by_9_does(world: World) -> None:
    short, full = await _issued(world, hours=[8, 8, 8, 8]), await _issued(world, hours=[9, 9, 9, 9])

    assert (short["academic_hours"], short["counts_toward_norm"], short["reason"]) == (32, False, "below_36_hours")
    assert (full["academic_hours"], full["counts_toward_norm"], full["reason"]) == (36, True, None)
    assert (short["valid_until"], full["valid_until"]) == (None, "2029-01-09")


async def test_b6_a_course_without_approval_gives_no_certificate(world: World) -> None:
    earned = await _earned(world, kind="author_course", approved=False)

    refused = await world.post("/v1/certificates", {"enrolment_id": earned["id"]}, status=409)

    assert refused["code"] == "programme_not_approved"


async def test_the_certificates_of_a_cohort_are_given_at_once_and_each_is_answered_for(world: World) -> None:
    cohort = await world.cohort(venues=[5], first=_FIRST, last=_LAST)
    enrolments = [await world.enrol(cohort, person) for person in await world.educators(5)]
    for enrolment, score in zip(enrolments, (90, 80, None, 10), strict=False):
        await world.complete(enrolment, score=score)
    path = f"/v1/cohorts/{cohort['id']}/certificates"

    waiting = (await world.get(f"{path}/to-issue"))["items"]
    dry = await world.post(path, {"dry_run": True})
    one = await world.post("/v1/certificates", {"enrolment_id": enrolments[1]["id"]})
    given = await world.post(path, {})
    again = await world.post(path, {})

    assert [item["kind"] for item in waiting].count("attendance_reference") == 1
    assert (len(waiting), dry["issued"], {item["number"] for item in dry["items"]}) == (3, 3, {None})
    told = {item["enrolment_id"]: item["number"] or item["problem"]["code"] for item in given["items"]}
    assert told[enrolments[1]["id"]] == "already_issued"
    assert (given["issued"], given["refused"], again["issued"], again["refused"]) == (2, 1, 0, 3)
    serial = int(one["number"][-6:])
    assert told[enrolments[0]["id"]].endswith(f"-{serial + 1:06d}")
    assert told[enrolments[2]["id"]].startswith("ORLEU-R-")
    assert (await world.get(f"{path}/to-issue"))["items"] == []


async def test_what_was_suspended_reinstated_and_revoked_is_told_as_of_any_day(
    world: World, stranger: httpx.AsyncClient
) -> None:
    number = (await _issued(world))["number"]
    await _moved(world, number, "suspend", on="2026-02-01", evidence=[{"title": "Letter 7"}])
    await _moved(world, number, "reinstate", on="2026-03-01")
    revoked = await _moved(world, number, "revoke", on="2026-04-01", comment="Protocol 9")

    days = ["2026-01-08", "2026-01-09", "2026-01-31", "2026-02-01", "2026-02-28", "2026-03-01", "2026-04-01"]
    read = [await world.get(f"/v1/certificates/{number}", as_of=day) for day in days]
    verified = [(await stranger.get("/v1/verify", params={"number": number, "as_of": day})).json() for day in days]

    states = [None, "issued", "issued", "suspended", "suspended", "issued", "revoked"]
    assert [one["status"] for one in read] == [one["status"] for one in verified] == states
    assert [one["valid"] for one in verified] == [state == "issued" for state in states]
    assert [one["reason"] for one in read] == [None, None, None, "suspended", "suspended", None, "revoked"]
    assert (revoked["counts_toward_norm"], revoked["allowed_actions"]) == (False, [])
    assert {one["action"] for one in revoked["refused_actions"]} == {"suspend", "reinstate", "revoke", "supersede"}
    steps = (await world.get(f"/v1/certificates/{number}/transitions"))["items"]
    assert [one["action"] for one in steps] == ["issue", "suspend", "reinstate", "revoke"]
    assert steps[1]["evidence"] == [{"title": "Letter 7", "url": None, "digest": None}]
    assert (steps[3]["reason_code"], steps[3]["comment"]) == ("issued_in_error", "Protocol 9")


async def test_what_cannot_be_done_with_a_certificate_is_refused_with_its_reason(world: World) -> None:
    number = (await _issued(world))["number"]
    path = f"/v1/certificates/{number}"
    tomorrow = (clock.day_in_kazakhstan(clock.now()) + timedelta(days=1)).isoformat()

    refused = [
        (await world.post(f"{path}/reinstate", _WRONG, status=409))["code"],
        (await world.post(f"{path}/revoke", {}, status=422))["code"],
        (await world.post(f"{path}/revoke", {"reason_code": "no_such_reason"}, status=422))["code"],
        (await world.post(f"{path}/suspend", {**_WRONG, "effective_on": "2026-01-08"}, status=422))["code"],
        (await world.post(f"{path}/suspend", {**_WRONG, "effective_on": tomorrow}, status=422))["code"],
        (await world.post("/v1/certificates/NONE-1/revoke", _WRONG, status=404))["code"],
    ]

    assert refused == [
        "action_not_allowed",
        "reason_needed",
        "reason_unknown",
        "effective_too_early",
        "effective_in_future",
        "certificate_not_found",
    ]
    director = world.as_("director", organisation=await world.organisation())
    out_of_reach = await world.http.post(f"{path}/revoke", json=_WRONG, headers=director)
    assert out_of_reach.status_code == 403


async def test_a_mistake_is_put_right_by_a_new_document_that_names_the_old_one(
    world: World, stranger: httpx.AsyncClient
) -> None:
    person = await world.educator(name=_NAME)
    old = await _issued(world, person, hours=[8, 8, 8, 8])
    found = await world.http.get(f"/v1/educators/{person}")
    corrected = {"kk": {**_NAME["kk"], "family": "Үлгіқызы"}}
    headers = {"If-Match": found.headers["ETag"]}
    assert (await world.http.patch(f"/v1/educators/{person}", json={"name": corrected}, headers=headers)).is_success

    new = await _moved(world, old["number"], "supersede", on="2026-02-01", academic_hours=36)

    assert (new["number"] != old["number"], new["supersedes"]) == (True, old["number"])
    assert (new["issued_on"], new["counts_toward_norm"], new["valid_until"]) == (_ISSUED, True, "2029-01-09")
    before = (await stranger.get("/v1/verify", params={"number": old["number"], "as_of": "2026-01-31"})).json()
    after = (await stranger.get("/v1/verify", params={"number": old["number"]})).json()
    not_yet = (await stranger.get("/v1/verify", params={"number": new["number"], "as_of": "2026-01-31"})).json()
    assert (before["valid"], before["superseded_by"], not_yet["valid"]) == (True, None, False)
    assert (after["status"], after["superseded_by"]) == ("superseded", new["number"])
    listed = await world.http.get("/v1/certificates", params={"educator_id": person, "status": "issued"})
    assert [one["number"] for one in listed.json()["items"]] == [new["number"]]
    withdrawn = await world.http.get(f"/v1/certificates/{old['number']}/pdf")
    assert (withdrawn.status_code, withdrawn.json()["code"]) == (409, "document_withdrawn")
    assert await _verified(stranger, await _file(world, old["number"], "credential")) == ("not_valid", "superseded")


async def test_what_was_revoked_may_be_earned_again_under_another_number(world: World) -> None:
    issued = await _issued(world)
    body = {"enrolment_id": issued["enrolment_id"]}

    twice = await world.post("/v1/certificates", body, status=409)
    await _moved(world, issued["number"], "revoke")
    again = await world.post("/v1/certificates", body)

    assert (twice["code"], again["number"] != issued["number"]) == ("already_issued", True)


async def test_a_certificate_runs_out_with_the_window_of_the_norm(world: World, stranger: httpx.AsyncClient) -> None:
    issued = await _issued(world, ago=3)
    number = issued["number"]

    told = await world.get(f"/v1/certificates/{number}")
    days = [
        (await stranger.get("/v1/verify", params={"number": number, "as_of": day})).json()
        for day in ("2026-01-08", "2026-01-09")
    ]
    ended = await worker.expire_certificates(world.database)
    steps = (await world.get(f"/v1/certificates/{number}/transitions"))["items"]

    assert (told["status"], told["reason"], told["valid_until"]) == ("expired", "expired", "2026-01-09")
    assert [(one["valid"], one["status"]) for one in days] == [(True, "issued"), (False, "expired")]
    assert ended >= 1
    assert (steps[-1]["action"], steps[-1]["effective_on"], steps[-1]["actor"]) == ("expire", "2026-01-09", "system")
    assert await worker.expire_certificates(world.database) == 0
    expired = (await world.http.get("/v1/certificates", params={"status": "expired"})).json()["items"]
    assert number in {one["number"] for one in expired}
    assert await _verified(stranger, await _file(world, number, "credential")) == ("not_valid", "expired")
    assert await _verified(stranger, await _file(world, number, "pdf")) == ("not_valid", "expired")


async def test_a_certificate_of_others_is_withdrawn_here_as_well_and_counts_no_more(world: World) -> None:
    person = await world.educator()
    row = {"educator_id": person, "number": "U-1", "title": {"ru": "Курс"}, "academic_hours": 72}
    body = {"source": "USTAZ", "certificates": [{**row, "issued_on": "2026-01-09"}]}
    await world.post("/v1/certificate-batches", body)

    revoked = await world.http.post("/v1/certificates/U-1/revoke", params={"source": "USTAZ"}, json=_WRONG)
    not_ours = await world.post("/v1/certificates/U-1/supersede", _WRONG, status=404)

    assert (revoked.json()["status"], revoked.json()["reason"]) == ("revoked", "revoked")
    assert not_ours["code"] == "certificate_not_found"


async def test_anybody_verifies_a_file_and_every_altered_one_is_refused(
    world: World, stranger: httpx.AsyncClient
) -> None:
    number = (await _issued(world))["number"]
    pdf, badge = await _file(world, number, "pdf"), await _file(world, number, "credential")
    token = await _file(world, number, "credential", **_TOKEN)
    tampered = json.loads(badge)
    tampered["credentialSubject"]["achievement"]["creditsAvailable"] = 72
    answers = [
        await _verified(stranger, data)
        for data in (
            *(pdf, badge, token),
            *(json.dumps(tampered).encode(), token[:-9] + b"AAAAAAAAA", pdf.replace(b"/Author", b"/AuthoR")),
            *(b"%PDF-1.7\nnothing", b"", b"\x00\xff", b"[" * 100_000, b"{}", b'{"proof": {}}'),
        )
    ]

    assert answers == [
        *[("valid", None)] * 3,
        *[("not_valid", "signature"), ("not_valid", "signature"), ("not_valid", "content")],
        *[("not_valid", "unknown_document")],
        *[("not_valid", "unreadable")] * 3,
        *[("not_valid", "no_proof")] * 2,
    ]
    too_large = await stranger.post("/v1/verify", files={"file": ("x", b"x" * 1_100_000)})
    assert too_large.status_code == 413
    seen = (await stranger.post("/v1/verify", files={"file": ("x", badge)})).json()
    assert (seen["certificate"]["number"], seen["certificate"]["holder"]) == (number, "М. Ү.")
    assert "Үлгіұлы".encode() not in badge


async def test_a_name_stands_in_the_credential_only_while_the_person_agrees(world: World) -> None:
    person = await world.educator(name=_NAME, consent_public=True)
    number = (await _issued(world, person))["number"]

    named = await _file(world, number, "credential")
    found = await world.http.get(f"/v1/educators/{person}")
    headers = {"If-Match": found.headers["ETag"]}
    await world.http.patch(f"/v1/educators/{person}", json={"consent_public": False}, headers=headers)
    hidden = await _file(world, number, "credential")

    assert ("Үлгіұлы".encode() in named, "Үлгіұлы".encode() in hidden) == (True, False)


async def test_who_is_not_responsible_for_the_person_gets_no_page_and_reading_one_is_noted(
    world: World, stranger: httpx.AsyncClient
) -> None:
    number = (await _issued(world))["number"]
    director = world.as_("director", organisation=await world.organisation())

    refused = [
        (await world.http.get(f"/v1/certificates/{number}/{form}", headers=director)).status_code
        for form in ("pdf", "credential", "transitions")
    ]
    closed = (await stranger.get(f"/v1/certificates/{number}/pdf")).status_code
    first, second = await _file(world, number, "pdf"), await _file(world, number, "pdf")
    tag = (await world.http.get(f"/v1/certificates/{number}/pdf")).headers["ETag"]
    unchanged = await world.http.get(f"/v1/certificates/{number}/pdf", headers={"If-None-Match": tag})

    assert (refused, closed) == ([404, 404, 404], 401)
    assert first == second
    assert unchanged.status_code == 304
    person = (await world.get(f"/v1/certificates/{number}"))["educator_id"]
    noted = (await world.get(f"/v1/educators/{person}/reads"))["items"]
    assert [one["shown"] for one in noted].count("certificate") == 4


async def test_the_name_goes_with_the_person_and_the_number_stays(world: World, stranger: httpx.AsyncClient) -> None:
    person = await world.educator(name=_NAME, consent_public=True)
    number = (await _issued(world, person))["number"]
    pdf = await _file(world, number, "pdf")
    codes = []
    for action in ("block", "erase"):
        found = await world.http.get(f"/v1/educators/{person}/privacy")
        reason, headers = {"reason_code": "own_request"}, {"If-Match": found.headers["ETag"]}
        done = await world.http.post(f"/v1/educators/{person}/{action}", json=reason, headers=headers)
        assert done.is_success, done.text
        codes.append((await world.http.get(f"/v1/certificates/{number}/pdf")).json()["code"])

    seen = (await stranger.get("/v1/verify", params={"number": number})).json()

    assert codes == ["holder_hidden", "holder_hidden"]
    assert (seen["valid"], seen["holder"]) == (True, "—")
    assert await _verified(stranger, pdf) == ("valid", None)
    assert "Үлгіұлы".encode() not in await _file(world, number, "credential")


class _Resolver:
    def __init__(self, document: Json) -> None:
        self._document = document

    def resolve(self, did: str) -> DidDocument:
        return parse_did_document(self._document)


async def test_two_verifiers_of_others_accept_what_we_serve_and_refuse_it_once_it_is_tampered_or_revoked(
    world: World, stranger: httpx.AsyncClient
) -> None:
    number = (await _issued(world))["number"]
    badge = json.loads(await _file(world, number, "credential"))
    token = (await _file(world, number, "credential", **_TOKEN)).decode()
    keys = await stranger.get("/.well-known/did.json")
    addresses = [entry["statusListCredential"] for entry in badge["credentialStatus"]]

    async def lists(**headers: str) -> dict[str, bytes]:
        paths = {address: "/v1/status-lists/" + address.rpartition("/")[2] for address in addresses}
        return {address: (await stranger.get(path, headers=headers)).content for address, path in paths.items()}

    def openvc(document: Any, found: dict[str, bytes]) -> Any:
        resolver = _Resolver(keys.json())
        return verify_credential(
            document, resolver=resolver, resolve_status_list=lambda address: json.loads(found[address])
        )

    def openbadges(document: str, found: dict[str, bytes]) -> Any:
        verifier = OB3Verifier.for_issuer_did(badge["issuer"]["id"], download=lambda _address: keys.content)
        return verifier.verify(document, check_status=True, download=lambda address: found[address])

    before, before_tokens = await lists(), await lists(**_TOKEN)
    assert openvc(badge, before).issuer == openvc(token, before).issuer == badge["issuer"]["id"]
    assert openbadges(token, before_tokens).achievement.credits_available == 36
    with pytest.raises(SignatureInvalid):
        openvc({**badge, "name": "Another"}, before)
    with pytest.raises(OB3VerificationError):
        openbadges(token[:-9] + "AAAAAAAAA", before_tokens)

    await _moved(world, number, "revoke")

    after, after_tokens = await lists(), await lists(**_TOKEN)
    for document in (badge, token):
        with pytest.raises(CredentialRevoked):
            openvc(document, after)
    with pytest.raises(OB3VerificationError, match="revocation"):
        openbadges(token, after_tokens)
    assert await _verified(stranger, token.encode()) == ("not_valid", "revoked")


async def test_a_status_list_is_kept_by_its_tag_and_changes_only_with_the_register(
    world: World, stranger: httpx.AsyncClient
) -> None:
    path = "/v1/status-lists/suspension-1"
    number = (await _issued(world))["number"]
    first = await stranger.get(path)
    kept = await stranger.get(path, headers={"If-None-Match": first.headers["ETag"]})

    await _moved(world, number, "suspend")
    changed = await stranger.get(path, headers={"If-None-Match": first.headers["ETag"]})

    assert (first.headers["Cache-Control"], kept.status_code, changed.status_code) == ("public, max-age=300", 304, 200)
    for wrong, status in (("suspension-9", 404), ("revocation-0", 422), ("message-1", 422)):
        assert (await stranger.get(f"/v1/status-lists/{wrong}")).status_code == status


async def test_after_a_move_to_another_address_the_old_status_list_is_unreachable_and_the_answer_says_so(
    world: World, local_key_file: Path
) -> None:
    number = (await _issued(world))["number"]
    badge = await _file(world, number, "credential")
    async with _another(world, local_key_file, TRAINING_PUBLIC_URL="https://moved.example") as elsewhere:
        answer = (await elsewhere.post("/v1/verify", files={"file": ("x", badge)})).json()

    assert (answer["outcome"], answer["failed"]) == ("valid_status_unknown", None)
    assert answer["as_of"][:10] == clock.now().date().isoformat()
    assert "не известно" in answer["message"]["ru"] or "неизвестно" in answer["message"]["ru"]


async def test_a_new_key_signs_and_what_the_old_one_signed_stays_valid(
    world: World, local_key_file: Path, tmp_path: Path
) -> None:
    number = (await _issued(world))["number"]
    badge = await _file(world, number, "credential")
    await worker.publish_key(world.database, _app(world).state.issuer)
    new = SigningKey.ensure(tmp_path / "new.pem")
    async with _another(world, local_key_file, TRAINING_CREDENTIAL_KEY_FILE=str(tmp_path / "new.pem")) as rotated:
        keys = (await rotated.get("/v1/keys")).json()["keys"]
        listed = (await rotated.get("/v1/status-lists/revocation-1")).json()
        answer = (await rotated.post("/v1/verify", files={"file": ("x", badge)})).json()

    old = json.loads(badge)["proof"]["verificationMethod"].rpartition("#")[2]
    assert [key["kid"] for key in keys] == [new.kid, old]
    assert listed["proof"]["verificationMethod"].endswith(new.kid)
    assert answer["outcome"] == "valid"


async def test_the_database_itself_refuses_moves_that_are_not_in_the_table(world: World) -> None:
    number = (await _issued(world))["number"]
    await _moved(world, number, "revoke")
    connection = await asyncpg.connect(driver_url(_app(world).state.settings.database_url.get_secret_value()))
    add = (
        "INSERT INTO certificate_steps (certificate_id, number, action, from_status, to_status, actor, effective_on,"
        " recorded_at) SELECT id, 9, $2, $3, $4, 'test', '2026-05-01', now() FROM certificates WHERE number = $1"
    )
    try:
        for move in (
            ("reinstate", "revoked", "issued"),
            ("revoke", "issued", "suspended"),
            ("issue", "issued", "issued"),
        ):
            with pytest.raises(asyncpg.CheckViolationError):
                await connection.execute(add, number, *move)
        for statement in (
            "UPDATE certificates SET status = 'issued' WHERE number = $1",
            "UPDATE certificates SET status = 'pardoned' WHERE number = $1",
            "DELETE FROM certificate_steps USING certificates WHERE certificate_id = id AND certificates.number = $1",
            "UPDATE certificate_steps SET actor = 'x' FROM certificates WHERE certificate_id = id"
            " AND certificates.number = $1",
        ):
            with pytest.raises(asyncpg.CheckViolationError):
                await connection.execute(statement, number)
    finally:
        await connection.close()
