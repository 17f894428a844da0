"""Tokens and ballots."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Boolean, Integer, LargeBinary, Text, Uuid, bindparam, delete, func, insert, select, text

from services.rating_engine.surveys.models import SurveyBallot, SurveyOrganisation, SurveyToken
from shared.db.sessions import AnySession, WriteSession

Stratum = tuple[str | None, str | None]
"""Grades and language of instruction."""
Key = tuple[UUID, Stratum]
"""A stratum of an organisation."""


async def lock(session: WriteSession, survey_id: UUID, organisation_id: UUID) -> SurveyOrganisation | None:
    """The organisation's row, and its box, for this transaction alone."""
    query = select(SurveyOrganisation).where(
        SurveyOrganisation.survey_id == survey_id, SurveyOrganisation.organisation_id == organisation_id
    )
    return await session.scalar(query.with_for_update(key_share=True).execution_options(populate_existing=True))


async def unused(session: AnySession, survey_id: UUID, organisations: Sequence[UUID]) -> dict[Key, int]:
    """How many tokens of each stratum can still be used."""
    keys = (SurveyToken.organisation_id, SurveyToken.grade_group, SurveyToken.language)
    query = select(*keys, func.count()).where(
        SurveyToken.survey_id == survey_id, SurveyToken.organisation_id.in_(organisations)
    )
    return {(row[0], (row[1], row[2])): row[3] for row in await session.execute(query.group_by(*keys))}


async def used(session: AnySession, survey_id: UUID, organisations: Sequence[UUID]) -> dict[Key, int]:
    """How many were used: the ballots of each stratum."""
    keys = (SurveyBallot.organisation_id, SurveyBallot.grade_group, SurveyBallot.language)
    query = select(*keys, func.count()).where(
        SurveyBallot.survey_id == survey_id, SurveyBallot.organisation_id.in_(organisations)
    )
    return {(row[0], (row[1], row[2])): row[3] for row in await session.execute(query.group_by(*keys))}


async def void(session: WriteSession, survey_id: UUID, organisation_id: UUID, stratum: Stratum) -> None:
    """Tokens of a stratum that were not used are none any more."""
    await session.execute(
        delete(SurveyToken).where(
            SurveyToken.survey_id == survey_id,
            SurveyToken.organisation_id == organisation_id,
            SurveyToken.grade_group.is_not_distinct_from(stratum[0]),
            SurveyToken.language.is_not_distinct_from(stratum[1]),
        )
    )


async def hand_out(
    session: WriteSession, survey_id: UUID, organisation_id: UUID, stratum: Stratum, digests: Sequence[bytes]
) -> None:
    """Keep the hashes, in their own order: the places of rows are not those of the list."""
    await session.execute(
        insert(SurveyToken),
        [
            {
                "digest": digest,
                "survey_id": survey_id,
                "organisation_id": organisation_id,
                "grade_group": stratum[0],
                "language": stratum[1],
            }
            for digest in sorted(digests)
        ],
    )


async def box_of(session: AnySession, survey_id: UUID, digest: bytes) -> UUID | None:
    """Which organisation's box the token opens; None for one that is not there, whatever the reason."""
    query = select(SurveyToken.organisation_id).where(SurveyToken.digest == digest, SurveyToken.survey_id == survey_id)
    return await session.scalar(query)


async def use(session: WriteSession, survey_id: UUID, digest: bytes) -> Stratum | None:
    """Take the token away and tell of which stratum it was; None if somebody was faster."""
    taken = delete(SurveyToken).where(SurveyToken.digest == digest, SurveyToken.survey_id == survey_id)
    row = (await session.execute(taken.returning(SurveyToken.grade_group, SurveyToken.language))).one_or_none()
    return None if row is None else (row[0], row[1])


_COLUMNS = "organisation_id, grade_group, language, points, hasty, bucket, network, marks"
_SHAKE = text(
    f"""
    WITH box AS (
        DELETE FROM survey_ballots WHERE survey_id = :survey AND organisation_id = :organisation RETURNING {_COLUMNS}
    ), filled AS (
        SELECT {_COLUMNS} FROM box
        UNION ALL
        SELECT :organisation, :grade_group, :language, :points, :hasty, :bucket, :network, NULL
    )
    INSERT INTO survey_ballots (id, survey_id, {_COLUMNS})
    SELECT gen_random_uuid(), :survey, {_COLUMNS} FROM filled ORDER BY random()
    """  # noqa: S608 -- the columns are a constant
).bindparams(
    bindparam("survey", type_=Uuid),
    bindparam("organisation", type_=Uuid),
    bindparam("grade_group", type_=Text),
    bindparam("language", type_=Text),
    bindparam("points", type_=ARRAY(Integer)),
    bindparam("hasty", type_=Boolean),
    bindparam("bucket", type_=Integer),
    bindparam("network", type_=LargeBinary),
)


async def put_in(
    session: WriteSession,
    survey_id: UUID,
    organisation_id: UUID,
    stratum: Stratum,
    *,
    points: Sequence[int],
    hasty: bool,
    bucket: int,
    network: bytes | None,
) -> None:
    """Put a ballot into the box and shake it: every ballot of the organisation is written anew, in a random order."""
    await session.execute(
        _SHAKE,
        {
            "survey": survey_id,
            "organisation": organisation_id,
            "grade_group": stratum[0],
            "language": stratum[1],
            "points": list(points),
            "hasty": hasty,
            "bucket": bucket,
            "network": network,
        },
    )


@dataclass(frozen=True, slots=True)
class Ballot:
    """One ballot as the screens see it."""

    id: UUID
    stratum: Stratum
    points: tuple[int, ...]
    hasty: bool
    bucket: int
    network: bytes | None


async def ballots(session: AnySession, survey_id: UUID, organisations: Sequence[UUID]) -> dict[UUID, list[Ballot]]:
    """The ballots of each box."""
    table = SurveyBallot
    query = select(
        table.organisation_id,
        table.id,
        table.grade_group,
        table.language,
        table.points,
        table.hasty,
        table.bucket,
        table.network,
    ).where(table.survey_id == survey_id, table.organisation_id.in_(organisations))
    found: dict[UUID, list[Ballot]] = {organisation: [] for organisation in organisations}
    for row in await session.execute(query.order_by(table.id)):
        found[row[0]].append(Ballot(row[1], (row[2], row[3]), tuple(row[4]), row[5], row[6] or 0, row[7]))
    return found


_MARK = text(
    """
    UPDATE survey_ballots SET marks = string_to_array(told.marks, ',')
    FROM unnest(CAST(:ids AS uuid[]), CAST(:marks AS text[])) AS told (id, marks)
    WHERE survey_ballots.id = told.id
    """
).bindparams(bindparam("ids", type_=ARRAY(Uuid)), bindparam("marks", type_=ARRAY(Text)))


async def mark(session: WriteSession, marks: Mapping[UUID, Sequence[str]]) -> None:
    """Write down what the screens say of ballots that are marked."""
    if marks:
        told = {"ids": list(marks), "marks": [",".join(found) for found in marks.values()]}
        await session.execute(_MARK, told)


_USUAL = text(
    """
    SELECT count(*), count(*) FILTER (WHERE (bucket % 48) = ANY(:nights)) FROM survey_ballots WHERE survey_id = :survey
    """
).bindparams(bindparam("survey", type_=Uuid), bindparam("nights", type_=ARRAY(Integer)))
_REPEATED = text(
    """
    WITH candidates AS (
        SELECT DISTINCT points FROM (
            SELECT points FROM survey_ballots WHERE survey_id = :survey
            GROUP BY organisation_id, points HAVING count(*) >= :least
        ) AS often
    )
    SELECT points, count(*) FROM survey_ballots JOIN candidates USING (points) WHERE survey_id = :survey GROUP BY points
    """
).bindparams(bindparam("survey", type_=Uuid))


async def usual(session: AnySession, survey_id: UUID, *, nights: Sequence[int]) -> tuple[int, int]:
    """All ballots, and those of the half hours of the day in `nights` (0 to 47, UTC)."""
    row = (await session.execute(_USUAL, {"survey": survey_id, "nights": list(nights)})).one()
    return int(row[0]), int(row[1])


async def repeated(session: AnySession, survey_id: UUID, *, least: int) -> dict[tuple[int, ...], int]:
    """Vectors that come `least` times or more in some box, and how often they come in all boxes together."""
    rows = await session.execute(_REPEATED, {"survey": survey_id, "least": least})
    return {tuple(row[0]): int(row[1]) for row in rows}


_FORGET = text(
    """
    UPDATE survey_ballots SET bucket = NULL, network = NULL
    WHERE survey_id = :survey AND organisation_id = ANY(:organisations) AND (bucket IS NOT NULL OR network IS NOT NULL)
    """
).bindparams(bindparam("survey", type_=Uuid), bindparam("organisations", type_=ARRAY(Uuid)))


async def forget(session: WriteSession, survey_id: UUID, organisations: Sequence[Any]) -> None:
    """What was kept of times and networks is gone."""
    await session.execute(_FORGET, {"survey": survey_id, "organisations": list(organisations)})
