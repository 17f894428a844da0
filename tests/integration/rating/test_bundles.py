"""Whoever has the bundle of a run computes the same bytes from it, or is told what differs."""

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import httpx
import pytest

from deploy.local.home import PROJECT
from tests.integration.rating.conftest import Town, run
from tests.integration.rating.lives import agreed, calling, public, sent

UNCERTAIN = {"replicates": 200, "seed": 20260101, "weights": {"kind": "uniform", "spread": 0.25}}


async def bundle(town: Town, done: dict[str, Any], **headers: str) -> httpx.Response:
    return await town.house.rating.get(f"/v1/runs/{done['id']}/bundle", headers=headers)


def recompute(file: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """The command as a statistician runs it: with no settings of the services."""
    command = [sys.executable, "-m", "services.rating_engine", "recompute", str(file), *options]
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(file.parent), "PYTHONPATH": str(PROJECT)}
    return subprocess.run(command, cwd=file.parent, env=environment, capture_output=True, text=True, check=False)


def parts(packed: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def repacked(content: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, one in content.items():
            archive.writestr(name, one)
    return file.getvalue()


@pytest.fixture(scope="module")
async def published(town: Town) -> dict[str, Any]:
    """A published run with everything beside its scores."""
    done = await run(town, await agreed(town, "bundled", uncertainty=UNCERTAIN))
    await sent(town, "/v1/publications", {"run_id": done["id"]}, status=201)
    return done


async def test_the_same_bundle_gives_the_same_bytes_with_one_thread_and_with_two(
    town: Town, published: dict[str, Any], tmp_path: Path
) -> None:
    answer = await bundle(town, published)
    file = tmp_path / "run.zip"
    file.write_bytes(answer.content)

    for threads in ("1", "2"):
        done = recompute(file, "--threads", threads, "--output", str(tmp_path / f"{threads}.zip"))
        assert (done.returncode, done.stdout) == (0, "the same bytes\n"), done.stdout + done.stderr
        assert (tmp_path / f"{threads}.zip").read_bytes() == answer.content

    assert answer.headers["content-type"] == "application/zip"
    assert (await bundle(town, published)).content == answer.content, "the file never changes"
    assert (await bundle(town, published, **{"If-None-Match": answer.headers["etag"]})).status_code == 304
    manifest = json.loads(parts(answer.content)["manifest.json"])
    assert manifest["seed"] == 20260101
    assert {name: manifest[name] for name in ("snapshot_digest", "result_digest", "engine_version")} == {
        name: published[name] for name in ("snapshot_digest", "result_digest", "engine_version")
    }
    assert manifest["parts"]["result.json"]["digest"] == published["result_digest"]


async def test_what_was_tampered_with_is_named(town: Town, published: dict[str, Any], tmp_path: Path) -> None:
    content = parts((await bundle(town, published)).content)
    changes = {
        "snapshot.json": content["snapshot.json"].replace(b"71.0", b"91.0"),
        "result.json": content["result.json"].replace(b'"score":[', b'"score":[ '),
        "methodology.json": content["methodology.json"].replace(b'"weight":60', b'"weight":61'),
    }

    for name, changed in changes.items():
        assert changed != content[name], name
        file = tmp_path / name.replace(".json", ".zip")
        file.write_bytes(repacked({**content, name: changed}))
        done = recompute(file)
        assert done.returncode == 1, done.stderr
        assert f"{name}: changed" in done.stdout
        if name != "result.json":
            assert "\nresult.json/" in done.stdout, "and what follows from it"


async def test_another_engine_is_told_and_what_is_no_bundle_is_refused(
    town: Town, published: dict[str, Any], tmp_path: Path
) -> None:
    content = parts((await bundle(town, published)).content)
    manifest = json.loads(content["manifest.json"])
    older = tmp_path / "older.zip"
    older.write_bytes(
        repacked({**content, "manifest.json": json.dumps({**manifest, "engine_version": "0.9"}).encode()})
    )
    torn = tmp_path / "torn.zip"
    torn.write_bytes((await bundle(town, published)).content[:-40])
    strange = tmp_path / "strange.zip"
    strange.write_bytes(repacked({"manifest.json": b"[]"}))

    assert "engine 0.9" in recompute(older).stderr
    answers = [recompute(file) for file in (torn, strange, tmp_path / "absent.zip")]

    assert [answer.returncode for answer in answers] == [2, 2, 2]
    assert all("Traceback" not in answer.stderr and "cannot be read" in answer.stderr for answer in answers)


async def test_before_publication_only_those_who_work_on_ratings_have_it(town: Town, published: dict[str, Any]) -> None:
    unseen = await run(town, await agreed(town, "unseen"))

    async with calling(town, "director", organisation=town.schools[0]) as director:
        own = await director.get(f"/v1/runs/{unseen['id']}/bundle")
        shown = await director.get(f"/v1/runs/{published['id']}/bundle")
    strangers = [await public(town, f"/v1/runs/{done['id']}/bundle") for done in (unseen, published)]

    assert [own.status_code, strangers[0].status_code] == [403, 404]
    assert (await bundle(town, unseen)).status_code == 200
    assert shown.content == strangers[1].content == (await bundle(town, published)).content


async def test_where_the_data_tell_of_few_the_public_gets_what_was_published(town: Town, tmp_path: Path) -> None:
    done = await run(town, await agreed(town, "few", precision={"suppress_below": 50}))
    await sent(town, "/v1/publications", {"run_id": done["id"]}, status=201)

    few, full = await public(town, f"/v1/runs/{done['id']}/bundle"), await bundle(town, done)
    file = tmp_path / "public.zip"
    file.write_bytes(few.content)
    told = recompute(file)

    assert set(parts(few.content)) == {"manifest.json", "methodology.json", "entries.ndjson"}
    assert "snapshot.json" in parts(full.content)
    assert len(parts(few.content)["entries.ndjson"].splitlines()) == 6
    assert told.returncode == 2
    assert "its parts are as they are named" in told.stderr
    (tmp_path / "full.zip").write_bytes(full.content)
    assert recompute(tmp_path / "full.zip").returncode == 0
