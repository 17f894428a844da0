"""Organisations on a map: GeoJSON (RFC 7946), written while it is read."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from fastapi import Response
from fastapi.responses import StreamingResponse
from pydantic_core import to_json

from services.registry_api.organisations.service import lists
from services.registry_api.organisations.service.lists import Listed
from shared.web import export


def respond(chunks: AsyncIterator[Sequence[Listed]]) -> Response:
    """A FeatureCollection of all rows; one without coordinates is a feature without geometry."""
    headers = {"Content-Disposition": 'attachment; filename="organisations.geojson"', "Vary": "Accept"}
    return StreamingResponse(_collection(chunks), media_type=export.MEDIA_TYPES["geojson"], headers=headers)


async def _collection(chunks: AsyncIterator[Sequence[Listed]]) -> AsyncIterator[bytes]:
    before = b'{"type":"FeatureCollection","features":['
    async for rows in chunks:
        if rows:
            yield before + to_json([_feature(item) for item in lists.told(rows)])[1:-1]
            before = b","
    yield b"]}" if before == b"," else before + b"]}"


def _feature(item: Mapping[str, Any]) -> dict[str, Any]:
    place = item["location"]
    return {
        "type": "Feature",
        "id": item["id"],
        "geometry": place and {"type": "Point", "coordinates": (place["longitude"], place["latitude"])},
        "properties": item,
    }
