"""A bundle is one file for one content, and says of itself what is wrong with it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.rating_engine.bundles import packing
from services.rating_engine.bundles.errors import BundleUnreadable
from services.rating_engine.runs.artefacts import digest_of

PARTS = st.dictionaries(st.sampled_from(["snapshot.json", "result.json", "artefacts/screening.json"]), st.binary())


def named(parts: dict[str, bytes]) -> dict[str, str]:
    """What a manifest says of the parts that the house knows by their digest."""
    return {
        f"{name.removesuffix('.json')}_digest": digest_of(parts[name])
        for name in ("snapshot.json", "result.json")
        if name in parts
    }


@given(parts=PARTS)
def test_what_is_packed_is_read_again_and_the_order_of_parts_leaves_no_trace(parts: dict[str, bytes]) -> None:
    backwards = dict(reversed(list(parts.items())))
    about = {"recomputable": True, **named(parts)}

    packed = packing.pack(packing.bundle(about, parts))

    assert packed == packing.pack(packing.bundle(dict(reversed(about.items())), backwards))
    found = packing.read(packed)
    assert found.parts == parts
    assert list(packing.faults(found)) == []


@given(parts=PARTS.filter(bool), data=st.data())
def test_a_part_that_was_changed_added_or_removed_is_named(parts: dict[str, bytes], data: st.DataObject) -> None:
    made = packing.bundle(named(parts), parts)
    name = data.draw(st.sampled_from(sorted(parts)))

    changed = packing.Bundle(made.manifest, {**parts, name: parts[name] + b" "})
    removed = packing.Bundle(made.manifest, {one: content for one, content in parts.items() if one != name})
    added = packing.Bundle(made.manifest, {**parts, "more.json": b"{}"})

    for faulty, at in ((changed, name), (removed, name), (added, "more.json")):
        (fault,) = packing.faults(packing.read(packing.pack(faulty)))
        assert fault.startswith(f"{at}: ")


@given(garbage=st.binary(max_size=200))
def test_any_other_file_is_refused_and_never_a_crash(garbage: bytes) -> None:
    with pytest.raises(BundleUnreadable):
        packing.read(garbage)


def test_a_part_that_is_not_the_one_its_name_promises_is_named() -> None:
    made = packing.bundle({"result_digest": "sha256:0"}, {"result.json": b"{}"})

    (fault,) = packing.faults(made)

    assert "result_digest" in fault
