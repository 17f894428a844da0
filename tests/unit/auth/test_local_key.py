"""The local key: one file, made once, closed to others."""

import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from shared import clock as real_clock
from shared.auth import token as command
from shared.auth.actor import Role, Scope
from shared.auth.keys import LocalKey, LocalKeyUnusable
from shared.auth.tokens import TokenVerifier
from tests.unit.auth.issuers import START


def test_a_new_key_is_closed_to_other_users_and_leaves_no_draft_behind(key_file: Path) -> None:
    LocalKey.ensure(key_file)

    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    assert [path.name for path in key_file.parent.iterdir()] == [key_file.name]


def test_the_key_that_is_there_is_kept(key_file: Path) -> None:
    first = LocalKey.ensure(key_file)

    assert LocalKey.ensure(key_file).kid == first.kid


def test_many_starters_end_with_one_key(key_file: Path) -> None:
    with ThreadPoolExecutor(16) as pool:
        kids = {key.kid for key in pool.map(lambda _: LocalKey.ensure(key_file), range(64))}

    assert len(kids) == 1
    assert [path.name for path in key_file.parent.iterdir()] == [key_file.name]


def test_a_missing_key_is_explained(key_file: Path) -> None:
    with pytest.raises(LocalKeyUnusable, match="make run"):
        LocalKey.load(key_file)


def test_a_key_that_others_may_read_is_refused_with_the_remedy(key_file: Path) -> None:
    LocalKey.ensure(key_file)
    key_file.chmod(0o644)

    with pytest.raises(LocalKeyUnusable, match="chmod 600"):
        LocalKey.load(key_file)


@pytest.mark.parametrize(
    "content", [b"", b"not a key", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"]
)
def test_a_file_that_is_no_key_is_refused(key_file: Path, content: bytes) -> None:
    key_file.touch(0o600)
    key_file.write_bytes(content)

    with pytest.raises(LocalKeyUnusable, match="does not hold"):
        LocalKey.load(key_file)


def test_a_key_of_another_kind_is_refused(key_file: Path) -> None:
    pem = rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    key_file.touch(0o600)
    key_file.write_bytes(pem)

    with pytest.raises(LocalKeyUnusable, match="Ed25519"):
        LocalKey.load(key_file)


async def test_a_local_token_carries_role_area_organisation_and_narrowed_scopes(local_key: LocalKey) -> None:
    organisation = UUID(int=7)
    token = local_key.issue(
        "region_officer",
        subject="aigul",
        now=START,
        area="750000000",
        organisation=organisation,
        scopes=["registry:read"],
        lifetime=timedelta(minutes=5),
    )

    actor = await TokenVerifier([local_key], now=lambda: START).verify(token)

    assert actor.subject == "aigul"
    assert actor.roles == {Role.REGION_OFFICER}
    assert actor.scopes == {Scope.REGISTRY_READ}
    assert (actor.area, actor.organisation) == ("750000000", organisation)
    assert actor.principal == "bilim-local#aigul"


def test_the_command_prints_one_token_and_nothing_else(
    local_key: LocalKey, key_file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BILIM_LOCAL_KEY_FILE", str(key_file))

    status = command.main(["--role", "region_officer", "--area", "750000000", "--lifetime", "30m"])

    printed = capsys.readouterr()
    claims = jwt.decode(printed.out.strip(), local_key.public, algorithms=["EdDSA"], audience="bilim")
    assert status == 0
    assert printed.err == ""
    assert printed.out.count("\n") == 1
    assert (claims["roles"], claims["area"], claims["exp"] - claims["iat"]) == (["region_officer"], "750000000", 1800)


async def test_a_printed_token_is_accepted(
    local_key: LocalKey, key_file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BILIM_LOCAL_KEY_FILE", str(key_file))
    command.main(["--role", "admin"])

    actor = await TokenVerifier([local_key], now=real_clock.now).verify(capsys.readouterr().out.strip())

    assert actor.has("rating:publish")


def test_the_command_without_a_key_says_what_to_do(
    key_file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("BILIM_LOCAL_KEY_FILE", raising=False)
    monkeypatch.setenv("BILIM_HOME", str(key_file.parent))

    status = command.main(["--role", "admin"])

    printed = capsys.readouterr()
    assert status == 1
    assert printed.out == ""
    assert str(key_file) in printed.err
    assert "make run" in printed.err


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["--role", "region_officer"], "AREA=750000000"),
        (["--role", "director"], "ORG=<id>"),
        (["--role", "king"], "invalid choice"),
        (["--role", "admin", "--lifetime", "soon"], "30m"),
        (["--role", "admin", "--lifetime", "400d"], "365 days"),
        (["--role", "region_officer", "--area", "75"], "nine digits"),
    ],
)
def test_a_command_that_cannot_work_says_why(
    arguments: list[str], hint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        command.main(arguments)

    assert hint in capsys.readouterr().err
