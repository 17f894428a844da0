"""Files as people save them: every sign between cells, every encoding, headings in three languages."""

import codecs
import itertools
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support import apps
from tests.support.cluster import Databases
from tests.support.registry import AUEZOV, Registry, demo_number

DELIMITERS = {"semicolon": ";", "comma": ",", "tab": "\t", "bar": "|"}
ENCODINGS: dict[str, tuple[str, bytes, str]] = {
    "UTF-8": ("utf-8", b"", "utf-8"),
    "UTF-8 with its mark": ("utf-8", codecs.BOM_UTF8, "utf-8"),
    "UTF-16 with its mark": ("utf-16-le", codecs.BOM_UTF16_LE, "utf-16"),
    "Windows-1251": ("cp1251", b"", "windows-1251"),
    "KZ-1048": ("kz1048", b"", "kz-1048"),
}
"""How the bytes are made, what stands before them, and what the report calls it."""
HEADINGS = {
    "kk": ("Сәйкестендіргіш", "Сұлба", "Атауы (қаз.)", "Атауы (орыс.)", "Ұйым түрі", "Жобалық қуаты", "Аумақ", "Ендік"),
    "ru": (
        *("Идентификатор", "Схема", "Наименование на казахском", "Наименование на русском", "Тип организации"),
        *("Проектная мощность", "Территория", "Широта"),
    ),
    "en": ("identifier", "scheme", "name_kk", "name_ru", "type", "design_capacity", "area", "latitude"),
}
LONGITUDE = {"kk": "Бойлық", "ru": "Долгота", "en": "longitude"}


@pytest.fixture(scope="module")
async def registry(
    databases: Databases, local_key_file: Path, token_for: Callable[..., str]
) -> AsyncIterator[Registry]:
    """One registry for all files of this module."""
    async with databases.database_for("registry") as url:
        app = apps.build_app("registry", {"REGISTRY_DATABASE_URL": url, "BILIM_LOCAL_KEY_FILE": str(local_key_file)})
        async with apps.running(app), apps.client_for(app) as client:
            yield Registry(client, token_for)


def file_of(serial: int, language: str, sign: str, name_kk: str) -> str:
    """One school, its numbers with a decimal comma; cells with the sign in them are quoted."""
    cells = (
        *(demo_number(serial), "demo", name_kk, "Школа № 7, «Гармония»; первая", "school", "1 200", AUEZOV, "43,2220"),
        "76,8512",
    )
    lines = [(*HEADINGS[language], LONGITUDE[language]), cells]
    return "\r\n".join(sign.join(f'"{cell}"' if sign in cell else cell for cell in line) for line in lines)


@pytest.mark.parametrize("encoding", ENCODINGS)
async def test_a_file_is_read_right_however_it_was_saved_or_refused_with_the_reason(
    registry: Registry, encoding: str
) -> None:
    codec, mark, named = ENCODINGS[encoding]
    # Without a Kazakh letter in it, a file looks the same in Windows-1251 and in KZ-1048; Windows-1251 has none.
    name_kk = "№7 мектеп" if codec == "cp1251" else "№7 қазақ мектебі"
    for serial, (delimiter, language) in enumerate(itertools.product(DELIMITERS, HEADINGS), start=1):
        serial += 100 * list(ENCODINGS).index(encoding)
        text = file_of(serial, language, DELIMITERS[delimiter], name_kk)

        found = await registry.hand_in(mark + text.encode(codec, "replace"), "organisations")

        told = (delimiter, language, found["report"]["errors"])
        if codec == "cp1251" and language == "kk":
            assert found["state"] == "refused", told
            assert set(found["report"]["errors_by_code"]) == {"letters_lost"}, told
            continue
        assert found["state"] == "applied", told
        assert (found["report"]["encoding"], found["report"]["delimiter"]) == (named, DELIMITERS[delimiter])
        read = await registry.get("/v1/resolve", scheme="demo", value=demo_number(serial))
        assert await school(registry, read["organisation"]["id"]) == {
            "name": {"kk": name_kk, "ru": "Школа № 7, «Гармония»; первая", "en": None},
            "design_capacity": 1200,
            "location": {"latitude": 43.222, "longitude": 76.8512},
        }


async def school(registry: Registry, organisation_id: str) -> dict[str, Any]:
    read = await registry.get(f"/v1/organisations/{organisation_id}")
    return {name: read[name] for name in ("name", "design_capacity", "location")}


async def test_a_value_whose_kazakh_letters_were_lost_is_refused_and_not_kept(registry: Registry) -> None:
    text = file_of(901, "ru", ";", "№7 қазақ мектебі")

    found = await registry.hand_in(text.encode("cp1251", "replace"), "organisations")

    (error,) = found["report"]["errors"]
    assert found["state"] == "refused"
    assert (error["row"], error["column"], error["code"]) == (2, "Наименование на казахском", "letters_lost")


async def test_a_question_mark_that_was_written_as_one_is_kept(registry: Registry) -> None:
    text = file_of(902, "ru", ";", "№7 мектеп (жаңа?)").replace("жаңа", "жана")

    found = await registry.hand_in(text.encode("cp1251"), "organisations")

    assert found["state"] == "applied", found["report"]["errors"]


async def test_the_wrong_encoding_told_is_refused_and_not_guessed(registry: Registry) -> None:
    text = file_of(903, "kk", ";", "№7 қазақ мектебі")

    found = await registry.hand_in(text.encode("kz1048"), "organisations", encoding="utf-8")

    assert found["state"] == "refused"
    assert set(found["report"]["errors_by_code"]) == {"encoding_unreadable"}


async def test_a_dry_run_tells_cell_by_cell_what_stands_and_what_would_come(registry: Registry) -> None:
    await registry.hand_in(file_of(904, "ru", ";", "№7 мектеп").encode(), "organisations")
    larger = file_of(904, "ru", ";", "№7 мектеп").replace("1 200", "1 500").replace("первая", "вторая")

    found = await registry.hand_in(larger.encode(), "organisations", dry_run="true")

    assert found["state"] == "checked"
    assert found["report"]["changed"] == 1
    assert found["report"]["changes"] == [
        {
            "row": 2,
            "column": "Проектная мощность",
            "field": "design_capacity",
            "before": "1200",
            "after": "1500",
        },
        {
            "row": 2,
            "column": "Наименование на русском",
            "field": "name.ru",
            "before": "Школа № 7, «Гармония»; первая",
            "after": "Школа № 7, «Гармония»; вторая",
        },
    ]
    read = await registry.get("/v1/resolve", scheme="demo", value=demo_number(904))
    assert (await school(registry, read["organisation"]["id"]))["design_capacity"] == 1200


async def test_a_dry_run_of_observations_tells_value_by_value(registry: Registry) -> None:
    await registry.hand_in(file_of(905, "ru", ";", "№7 мектеп").encode(), "organisations")
    lines = "Ұйым коды;Сұлба;Көрсеткіш;Кезең;Мәні\n{};demo;SCH_KNOWLEDGE_QUALITY;2025-2026;{}\n"
    await registry.hand_in(lines.format(demo_number(905), "61,5").encode(), "observations")

    found = await registry.hand_in(lines.format(demo_number(905), "62,5").encode(), "observations", dry_run="true")

    assert found["state"] == "checked", found["report"]["errors"]
    assert found["report"]["changes"] == [
        {"row": 2, "column": "Мәні", "field": "value", "before": "61.5", "after": "62.5"}
    ]
