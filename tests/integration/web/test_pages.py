"""Lists: stable pages, and cursors nobody can forge."""

import base64

import httpx


async def test_following_the_cursor_sees_each_item_once_in_order(http: httpx.AsyncClient) -> None:
    for number in range(7):
        await http.post("/v1/notes", json={"word": f"w{number}"})

    seen: list[str] = []
    address: str | None = "/v1/notes?limit=3"
    while address:
        answer = await http.get(address)
        seen += [item["word"] for item in answer.json()["items"]]
        address = answer.links.get("next", {}).get("url")

    assert seen == [f"w{number}" for number in range(7)]


async def test_a_cursor_is_refused_when_forged_or_of_another_list(http: httpx.AsyncClient) -> None:
    for number in range(3):
        await http.post("/v1/notes", json={"word": f"w{number}"})
    cursor = (await http.get("/v1/notes?limit=1")).json()["next_cursor"]
    body, _, signature = cursor.partition(".")

    forged = await http.get("/v1/notes", params={"cursor": f"{body}x.{signature}"})
    elsewhere = await http.get("/v1/notes", params={"cursor": cursor, "word": "w1"})
    good = await http.get("/v1/notes", params={"cursor": cursor})

    assert [forged.json()["code"], elsewhere.json()["code"]] == ["cursor_invalid", "cursor_invalid"]
    assert good.json()["items"][0]["word"] == "w1"


async def test_a_cursor_does_not_tell_the_keys_it_holds(http: httpx.AsyncClient) -> None:
    for word in ("Асанова", "Асанов"):
        await http.post("/v1/notes", json={"word": word})

    cursor = (await http.get("/v1/notes?limit=1")).json()["next_cursor"]

    read = [base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)) for part in cursor.split(".")]
    assert not any("Асан".encode() in part or part[:1] == b"[" for part in read)
