"""Organisations on a map: GeoJSON (RFC 7946), written while it is read."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from fastapi import Response
from fastapi.responses import StreamingResponse
from pydantic import TypeAdapter

from services.registry_api.organisations import service as organisations
from shared.schemas.registry.organisation_lists import OrganisationFeature
from shared.web import export

_FEATURE = TypeAdapter(OrganisationFeature)


def respond(chunks: AsyncIterator[Sequence[Mapping[str, Any]]]) -> Response:
    """A FeatureCollection of all rows; one without coordinates is a feature without geometry."""
    headers = {"Content-Disposition": 'attachment; filename="organisations.geojson"', "Vary": "Accept"}
    return StreamingResponse(_collection(chunks), media_type=export.MEDIA_TYPES["geojson"], headers=headers)


async def _collection(chunks: AsyncIterator[Sequence[Mapping[str, Any]]]) -> AsyncIterator[bytes]:
    before = b'{"type":"FeatureCollection","features":['
    async for rows in chunks:
        for row in rows:
            yield before + _FEATURE.dump_json(_FEATURE.validate_python(_feature(row)))
            before = b","
    yield b"]}" if before == b"," else before + b"]}"


def _feature(row: Mapping[str, Any]) -> dict[str, Any]:
    there = row["latitude"] is not None
    return {
        "id": row["id"],
        "geometry": {"coordinates": (row["longitude"], row["latitude"])} if there else None,
        "properties": organisations.summary(row),
    }
