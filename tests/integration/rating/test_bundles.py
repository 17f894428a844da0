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
from services.rating_engine.__main__ import main
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


async def test_what_was_tampered_with_is_named(
    town: Town, published: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
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
        assert main(["recompute", str(file)]) == 1
        told = capsys.readouterr().out
        assert f"{name}: changed" in told
        assert name == "result.json" or "\nresult.json/" in told, "and what follows from it"


async def test_another_engine_is_told_and_what_is_no_bundle_is_refused(
    town: Town, published: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    packed = (await bundle(town, published)).content
    content = parts(packed)
    aged = json.dumps({**json.loads(content["manifest.json"]), "engine_version": "0.9"}).encode()
    older, torn, strange = (tmp_path / f"{name}.zip" for name in ("older", "torn", "strange"))
    older.write_bytes(repacked({**content, "manifest.json": aged}))
    torn.write_bytes(packed[:-40])
    strange.write_bytes(repacked({"manifest.json": b"[]"}))

    assert main(["recompute", str(older)]) == 0
    assert "engine 0.9" in capsys.readouterr().err
    for file in (torn, strange, tmp_path / "absent.zip"):
        assert main(["recompute", str(file)]) == 2
        assert "cannot be read" in capsys.readouterr().err


async def test_before_publication_only_those_who_work_on_ratings_have_it(town: Town, published: dict[str, Any]) -> None:
    unseen = await run(town, await agreed(town, "unseen"))

    async with calling(town, "director", organisation=town.schools[0]) as director:
        own = await director.get(f"/v1/runs/{unseen['id']}/bundle")
        shown = await director.get(f"/v1/runs/{published['id']}/bundle")
    strangers = [await public(town, f"/v1/runs/{done['id']}/bundle") for done in (unseen, published)]

    assert [own.status_code, strangers[0].status_code] == [403, 404]
    assert (await bundle(town, unseen)).status_code == 200
    assert shown.content == strangers[1].content == (await bundle(town, published)).content


async def test_where_the_data_tell_of_few_the_public_gets_what_was_published(
    town: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    done = await run(town, await agreed(town, "few", precision={"suppress_below": 50}))
    await sent(town, "/v1/publications", {"run_id": done["id"]}, status=201)

    few, full = await public(town, f"/v1/runs/{done['id']}/bundle"), await bundle(town, done)
    for name, answer in (("few.zip", few), ("full.zip", full)):
        (tmp_path / name).write_bytes(answer.content)

    assert set(parts(few.content)) == {"manifest.json", "methodology.json", "entries.ndjson"}
    assert len(parts(few.content)["entries.ndjson"].splitlines()) == 6
    assert main(["recompute", str(tmp_path / "few.zip")]) == 2
    assert "its parts are as they are named" in capsys.readouterr().err
    assert main(["recompute", str(tmp_path / "full.zip")]) == 0


async def test_the_data_of_an_edition_after_it_do_not_tell_of_few_either(town: Town) -> None:
    for changes in ({"precision": {"suppress_below": 50}}, {}):
        done = await run(town, await agreed(town, "few-before", **changes))
        shown = await sent(town, "/v1/publications", {"run_id": done["id"]}, status=201)

    told = parts((await public(town, f"/v1/runs/{done['id']}/bundle")).content)
    entries = [json.loads(line) for line in told["entries.ndjson"].splitlines()]

    assert set(told) == {"manifest.json", "methodology.json", "entries.ndjson"}
    assert shown["edition"] == 2
    assert any(one["score"] is not None for one in entries)
    assert all(one["since_last"] is None or one["since_last"]["previous"]["score"] is None for one in entries)
