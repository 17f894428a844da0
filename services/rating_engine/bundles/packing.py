"""A bundle as bytes: a ZIP of canonical parts, and a manifest that names each of them by its digest."""

import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from services.rating_engine.bundles.errors import BundleUnreadable
from services.rating_engine.runs.artefacts import digest_of
from services.rating_engine.runs.compute import RESULT as RESULT_KIND

FORMAT = "bilim-rating-bundle/1"
MANIFEST = "manifest.json"
METHODOLOGY, SNAPSHOT, RESULT, ENTRIES = "methodology.json", "snapshot.json", "result.json", "entries.ndjson"
ARTEFACTS = "artefacts/"
_NAMED = {METHODOLOGY: "methodology_digest", SNAPSHOT: "snapshot_digest", RESULT: "result_digest"}
"""Parts whose digest is the name of a thing that the house knows by it."""
_OLDEST = (1980, 1, 1, 0, 0, 0)
"""The first moment a ZIP can tell; the real one would make every copy another file."""
_LEVEL = 3
_MOST_BYTES = 4 << 30


@dataclass(frozen=True, slots=True)
class Bundle:
    """What a run was computed from and what came of it."""

    manifest: Mapping[str, Any]
    parts: Mapping[str, bytes]


def part_of(kind: str) -> str:
    """The name of the part that holds an artefact of this kind."""
    return RESULT if kind == RESULT_KIND else f"{ARTEFACTS}{kind}.json"


def bundle(about: Mapping[str, Any], parts: Mapping[str, bytes]) -> Bundle:
    """The parts with their manifest; `about` says what they are of."""
    named = {name: {"bytes": len(parts[name]), "digest": digest_of(parts[name])} for name in sorted(parts)}
    return Bundle({"format": FORMAT, **about, "parts": named}, dict(parts))


def pack(made: Bundle) -> bytes:
    """The bundle as a file: equal bundles, equal bytes."""
    manifest = json.dumps(made.manifest, sort_keys=True, indent=2, ensure_ascii=False, allow_nan=False).encode()
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in [(MANIFEST, manifest + b"\n"), *sorted(made.parts.items())]:
            member = zipfile.ZipInfo(name, _OLDEST)
            member.compress_type, member.create_system, member.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
            archive.writestr(member, content, compresslevel=_LEVEL)
    return file.getvalue()


def read(packed: bytes) -> Bundle:
    """The bundle in a file; raises `BundleUnreadable`."""
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            members = archive.infolist()
            if sum(member.file_size for member in members) > _MOST_BYTES:
                raise BundleUnreadable("its parts are too large")
            parts = {member.filename: archive.read(member) for member in members}
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, NotImplementedError, RuntimeError) as error:
        raise BundleUnreadable(f"it is no ZIP file: {error}") from error
    try:
        manifest = json.loads(parts.pop(MANIFEST))
    except KeyError:
        raise BundleUnreadable(f"it has no {MANIFEST}") from None
    except ValueError as error:
        raise BundleUnreadable(f"{MANIFEST} is no JSON: {error}") from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise BundleUnreadable(f"{MANIFEST} is not of the format {FORMAT}")
    return Bundle(manifest, parts)


def faults(found: Bundle) -> Iterator[str]:
    """What of the bundle is not as its manifest says, part by part."""
    named = found.manifest.get("parts")
    told = named if isinstance(named, dict) else {}
    for name in sorted({*told, *found.parts}):
        entry = told.get(name)
        expected = entry.get("digest") if isinstance(entry, dict) else None
        if name not in found.parts:
            yield f"{name}: missing"
        elif expected is None:
            yield f"{name}: not named in {MANIFEST}"
        elif digest_of(found.parts[name]) != expected:
            yield f"{name}: changed, its digest is not {expected}"
        elif name in _NAMED and expected != found.manifest.get(_NAMED[name]):
            yield f"{name}: is not the one that {MANIFEST} names in {_NAMED[name]}"
