"""Credentials without a service: canonical JSON, proofs, status lists, and what is refused."""

import json
from collections.abc import Callable, Mapping
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.training_api.credentials import badges, proofs, statuses, verifying
from services.training_api.credentials.__main__ import main
from services.training_api.credentials.canonical import NotCanonical, canonical, loads
from services.training_api.credentials.encodings import base58, base64url, from_base58, from_base64url
from services.training_api.credentials.keys import KeyRing, SigningKey
from services.training_api.credentials.statuses import Purpose
from tests.support.credentials import NOW, SITE, badge, signed, status_lists


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> SigningKey:
    return SigningKey.ensure(tmp_path_factory.mktemp("keys") / "key.pem")


@pytest.fixture(scope="module")
def ring(key: SigningKey) -> KeyRing:
    return KeyRing.of([key.jwk])


def _verdict(document: Any, ring: KeyRing, lists: Mapping[str, Any], now: datetime = NOW) -> tuple[str, str | None]:
    data = document.encode() if isinstance(document, str) else json.dumps(document, ensure_ascii=False).encode()
    verdict = verifying.conclude(verifying.examine(data, ring, now=now), lists, ring, now=now)
    return verdict.outcome, verdict.failure


def test_json_is_written_in_one_way_as_rfc_8785_shows() -> None:
    value = {"\u20ac": "Euro", "\r": "CR", "\U0001f600": "smile", "1": "one", "\ufb33": "dalet", "ө": [1.0, -0.0, None]}

    assert canonical(value).decode() == (
        '{"\\r":"CR","1":"one","ө":[1,0,null],"€":"Euro","😀":"smile","\ufb33":"dalet"}'
    )


@pytest.mark.parametrize(
    "text", ['{"a":1,"a":2}', '{"a":NaN}', "[" * 100_000, '{"a":1.5}', '{"a":1e400}', '["\\ud800"]', "{", "9" * 5000]
)
def test_json_that_two_readers_may_understand_differently_is_refused(text: str) -> None:
    with pytest.raises(NotCanonical):
        canonical(loads(text))


@given(st.binary(max_size=80))
def test_bytes_come_back_from_text(data: bytes) -> None:
    assert from_base58(base58(data)) == data
    assert from_base64url(base64url(data)) == data


@pytest.mark.parametrize("text", ["AB", "A", "AA==", "A/", "é"])
def test_another_spelling_of_bytes_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        from_base64url(text)


def test_a_certificate_is_valid_in_both_forms(key: SigningKey, ring: KeyRing) -> None:
    lists = status_lists(key)

    assert _verdict(signed(key), ring, lists) == ("valid", None)
    assert _verdict(signed(key, as_token=True), ring, lists) == ("valid", None)


def test_the_same_certificate_gives_the_same_bytes(key: SigningKey) -> None:
    assert signed(key) == signed(key)
    assert signed(key, as_token=True) == signed(key, as_token=True)


def test_the_name_is_a_salted_hash_unless_the_person_agreed(key: SigningKey) -> None:
    hidden = json.dumps(signed(key), ensure_ascii=False)
    named = badges.credential(badge(is_named=True), SITE)

    assert "Үлгіұлы" not in hidden
    assert '"hashed": true' in hidden
    assert named["credentialSubject"]["identifier"][0]["identityHash"] == "Үлгіұлы Мысал"


def _leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(leaf for name, part in inner for leaf in _leaves(part, (*path, name)))]


_OTHERS = st.one_of(
    st.none(), st.booleans(), st.integers(-5, 5), st.text(max_size=8), st.just([]), st.just({}), st.just(["x"])
)


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_any_altered_meaning_of_the_file_is_refused(key: SigningKey, ring: KeyRing, data: st.DataObject) -> None:
    document = signed(key)
    altered: Any = deepcopy(document)
    *way, last = data.draw(st.sampled_from([path for path in _leaves(document) if path]))
    place = altered
    for step in way:
        place = place[step]
    action = data.draw(st.sampled_from(["replace", "remove", "add"]))
    if action == "remove":
        del place[last]
    elif action == "add" and isinstance(place, dict):
        place[data.draw(st.text(min_size=1, max_size=6))] = data.draw(_OTHERS)
    else:
        place[last] = data.draw(_OTHERS)
    if json.dumps(altered, sort_keys=True) == json.dumps(document, sort_keys=True):
        return

    outcome, failure = _verdict(altered, ring, status_lists(key))

    assert outcome == "not_valid"
    assert failure in {"signature", "no_proof", "issuer", "key", "unreadable"}


@settings(max_examples=150, deadline=None)
@given(place=st.integers(0, 10_000), sign=st.characters(codec="ascii"))
def test_any_altered_sign_of_the_token_is_refused(key: SigningKey, ring: KeyRing, place: int, sign: str) -> None:
    token = signed(key, as_token=True)
    at = place % len(token)
    altered = token[:at] + sign + token[at + 1 :]
    if altered.strip() == token:
        return

    assert _verdict(altered, ring, status_lists(key))[0] == "not_valid"


@settings(max_examples=200, deadline=None)
@given(data=st.one_of(st.binary(max_size=300), st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace"))))
def test_garbage_is_not_valid_and_nothing_worse(ring: KeyRing, data: bytes) -> None:
    assert verifying.examine(data, ring, now=NOW).failure is not None


@pytest.mark.parametrize(
    "text",
    [
        "[" * 50_000,
        '{"proof": ' * 5000,
        '{"proof": []}',
        '{"proof": {"cryptosuite": "eddsa-jcs-2022", "verificationMethod": 7}}',
        "a.b.c",
        "e30.e30.",
        "1" * 400_000,
        '{"a":' + "9" * 6000 + "}",
    ],
)
def test_hostile_files_are_not_valid_and_nothing_worse(ring: KeyRing, text: str) -> None:
    assert verifying.examine(text.encode(), ring, now=NOW).failure is not None


@pytest.mark.parametrize(("purpose", "said"), [(Purpose.REVOCATION, "revoked"), (Purpose.SUSPENSION, "suspended")])
def test_a_bit_that_is_set_makes_it_not_valid(key: SigningKey, ring: KeyRing, purpose: Purpose, said: str) -> None:
    position = badge().status_position

    assert _verdict(signed(key), ring, status_lists(key, {purpose: [position]})) == ("not_valid", said)
    assert _verdict(signed(key), ring, status_lists(key, {purpose: [position + 1, position - 1]})) == ("valid", None)


def _without(lists: dict[str, Any]) -> dict[str, Any]:
    return {}


def _forged(lists: dict[str, Any]) -> dict[str, Any]:
    return {address: {**one, "validFrom": "2020-01-01T00:00:00+05:00"} for address, one in lists.items()}


def _swapped(lists: dict[str, Any]) -> dict[str, Any]:
    return dict(zip(lists, reversed(list(lists.values())), strict=True))


@pytest.mark.parametrize("broken", [_without, _forged, _swapped])
def test_without_a_list_that_can_be_believed_the_status_is_unknown_and_never_plain_valid(
    key: SigningKey, ring: KeyRing, broken: Callable[[dict[str, Any]], dict[str, Any]]
) -> None:
    assert _verdict(signed(key), ring, broken(status_lists(key))) == ("valid_status_unknown", None)


def test_an_old_list_does_not_bring_a_revoked_certificate_back(key: SigningKey, ring: KeyRing) -> None:
    later = NOW + timedelta(days=60)

    assert _verdict(signed(key), ring, status_lists(key), later) == ("valid_status_unknown", None)


def test_its_term_is_kept(key: SigningKey, ring: KeyRing) -> None:
    lists = status_lists(key)

    assert _verdict(signed(key), ring, lists, datetime(2029, 1, 9, tzinfo=UTC)) == ("not_valid", "expired")
    assert _verdict(signed(key), ring, lists, datetime(2026, 1, 8, tzinfo=UTC)) == ("not_valid", "not_yet_valid")


def test_a_key_of_somebody_else_and_an_issuer_of_somebody_else_are_refused(
    key: SigningKey, ring: KeyRing, tmp_path: Path
) -> None:
    other = SigningKey.ensure(tmp_path / "other.pem")
    named = badges.credential(badge(), SITE)
    under_false_name = proofs.secure(named, key, issuer="did:web:other.example", created="2026-01-09T00:00:00Z")

    assert _verdict(signed(other), ring, {}) == ("not_valid", "key")
    assert _verdict(under_false_name, ring, {}) == ("not_valid", "issuer")
    assert _verdict(signed(other), KeyRing.of([other.jwk, key.jwk]), status_lists(other))[0] == "valid"


def test_a_list_hides_one_certificate_among_131_072(key: SigningKey) -> None:
    (listed, _) = status_lists(key, {Purpose.REVOCATION: [5]}).values()

    assert [statuses.is_set(listed, "revocation", place) for place in (4, 5, 6, 131_071)] == [False, True, False, False]
    with pytest.raises(ValueError):
        statuses.is_set(listed, "revocation", 131_072)


def _files(key: SigningKey, folder: Path, document: Any, lists: Mapping[str, Any]) -> list[str]:
    (folder / "keys.json").write_text(json.dumps({"issuer": SITE.issuer, "keys": [key.jwk]}))
    (folder / "file").write_text(document if isinstance(document, str) else json.dumps(document))
    arguments = ["verify", str(folder / "file"), "--keys", str(folder / "keys.json")]
    for number, one in enumerate(lists.values()):
        (folder / f"list{number}.json").write_text(json.dumps(one))
        arguments += ["--status-list", str(folder / f"list{number}.json")]
    return arguments


def test_the_recipe_without_a_network_says_so_in_one_line(
    key: SigningKey, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document, lists = signed(key), status_lists(key)
    revoked = status_lists(key, {Purpose.REVOCATION: [badge().status_position]})
    tampered = {**document, "name": "Another"}

    codes = [
        main(_files(key, tmp_path, document, lists), now=NOW),
        main(_files(key, tmp_path, signed(key, as_token=True), lists), now=NOW),
        main(_files(key, tmp_path, document, {}), now=NOW),
        main(_files(key, tmp_path, document, revoked), now=NOW),
        main(_files(key, tmp_path, tampered, lists), now=NOW),
        main(["verify", str(tmp_path / "none"), "--keys", str(tmp_path / "keys.json")], now=NOW),
        main(["verify", str(tmp_path / "file"), "--keys", str(tmp_path / "file")], now=NOW),
    ]

    assert codes == [0, 0, 0, 1, 1, 1, 1]
    assert [line.partition(":")[0] for line in capsys.readouterr().out.splitlines()] == [
        "valid",
        "valid",
        "valid_status_unknown",
        "not_valid (revoked)",
        "not_valid (signature)",
    ]


def test_a_key_is_changed_and_the_old_file_stays(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old = SigningKey.ensure(tmp_path / "key.pem")

    assert main(["rotate", str(tmp_path / "key.pem")], now=NOW) == 0

    assert SigningKey.load(tmp_path / "key.pem").kid != old.kid
    assert SigningKey.load(tmp_path / f"key.pem.{old.kid}").kid == old.kid
    assert old.kid in capsys.readouterr().out
