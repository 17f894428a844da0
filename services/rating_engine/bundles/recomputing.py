"""Computing a bundle anew, with no database and no network, and telling what differs."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from services.rating_engine.bundles import packing
from services.rating_engine.bundles.errors import BundleUnreadable
from services.rating_engine.bundles.packing import METHODOLOGY, SNAPSHOT, Bundle
from services.rating_engine.methodologies.rules import differences
from services.rating_engine.runs.compute import ENGINE_VERSION, compute
from services.rating_engine.snapshots.service import Frozen, parse
from shared.errors import Problem
from shared.schemas.rating.methodology import MethodologyDocument

_MOST_PLACES = 20
"""Places of one part in which it differs that are listed; the rest is counted."""

Told = Callable[[str], None]
"""Hears how far it is."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of it."""

    differences: list[str]
    """None: the same bytes."""
    remarks: list[str]
    """What should be known beside that."""
    packed: bytes
    """The bundle with what was computed now in place of what was computed then."""


def recompute(packed: bytes, told: Told) -> Verdict:
    """Check the parts by their digests, compute from methodology and snapshot, compare byte by byte.

    Raises `BundleUnreadable` when the file is no bundle, or holds no data to compute from.
    """
    found = packing.read(packed)
    told(f"{len(found.parts)} parts read")
    tampered = list(packing.faults(found))
    told("digests checked")
    if not found.manifest.get("recomputable"):
        raise BundleUnreadable(
            "it holds what was published and not the data behind it, for these tell of too few; "
            + ("; ".join(tampered) or "its parts are as they are named")
        )
    document, frozen = _inputs(found)
    version = found.manifest.get("engine_version")
    remarks = [] if version == ENGINE_VERSION else [f"computed by engine {version}; this is engine {ENGINE_VERSION}"]
    try:
        named = compute(frozen, document, told=told).named()
    except Problem as problem:
        return Verdict([*tampered, f"{packing.RESULT}: cannot be computed: {problem}"], remarks, packed)
    parts = {
        METHODOLOGY: found.parts[METHODOLOGY],
        SNAPSHOT: found.parts[SNAPSHOT],
        **{packing.part_of(one.kind): one.content for one in named.artefacts},
    }
    about = {name: value for name, value in found.manifest.items() if name not in ("format", "parts")}
    made = packing.bundle({**about, "engine_version": ENGINE_VERSION, "result_digest": named.digest}, parts)
    return Verdict([*tampered, *_differing(found.parts, parts)], remarks, packing.pack(made))


def _inputs(found: Bundle) -> tuple[MethodologyDocument, Frozen]:
    for name in (METHODOLOGY, SNAPSHOT):
        if name not in found.parts:
            raise BundleUnreadable(f"it has no {name}")
    try:
        return MethodologyDocument.model_validate_json(found.parts[METHODOLOGY]), parse(found.parts[SNAPSHOT])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BundleUnreadable(f"methodology or data cannot be read: {error}") from error


def _differing(then: Mapping[str, bytes], now: Mapping[str, bytes]) -> Iterator[str]:
    for name in sorted({*then, *now}):
        if name not in now:
            yield f"{name}: is not computed by this engine"
        elif name not in then:
            yield f"{name}: is computed and not in the bundle"
        elif then[name] != now[name]:
            yield from _places(name, then[name], now[name])


def _places(name: str, then: bytes, now: bytes) -> Iterator[str]:
    try:
        found = differences(json.loads(then), json.loads(now))
    except ValueError:
        yield f"{name}: is no JSON"
        return
    listed = list(islice(found, _MOST_PLACES))
    for pointer, before, after in listed:
        yield f"{name}{pointer}: {_brief(before)} in the bundle, {_brief(after)} computed"
    more = sum(1 for _ in found)
    if more:
        yield f"{name}: and {more} places more"
    if not listed:
        yield f"{name}: the same values in other bytes"


def _brief(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else text[:57] + "..."
