"""Compares what the migrations make with what the models say, by the database's own description of both.

Alembic's comparison knows tables, columns, indexes and keys; it does not see checks, exclusions, generated columns,
triggers or functions, which is where our promises lie.
"""

import difflib

from sqlalchemy import Connection, DateTime, MetaData, text

from shared.db.migrations.history import VERSION_TABLE, metadata_of
from shared.db.migrations.scratch import create_from_models, scratch_database
from shared.db.migrations.upgrade import migration_engine, upgrade

_DESCRIPTION = text("""
SELECT format('table %s: column %s %s%s%s%s%s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
              CASE WHEN a.attnotnull THEN ' not null' END,
              CASE WHEN a.attcollation <> t.typcollation THEN ' collate ' || a.attcollation::regcollation::text END,
              CASE WHEN a.attidentity <> '' THEN ' identity ' || a.attidentity::text END,
              CASE WHEN d.oid IS NOT NULL
                   THEN CASE a.attgenerated WHEN '' THEN ' default '
                                            ELSE ' generated ' || a.attgenerated::text || ' ' END
                        || pg_get_expr(d.adbin, d.adrelid) END) AS line
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
UNION ALL
SELECT format('table %s: constraint %s %s', r.conrelid::regclass, r.conname, pg_get_constraintdef(r.oid))
FROM pg_constraint r WHERE r.connamespace = 'public'::regnamespace AND r.contype <> 'n'
UNION ALL
SELECT format('table %s: %s', i.indrelid::regclass, pg_get_indexdef(i.indexrelid))
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE c.relnamespace = 'public'::regnamespace
UNION ALL
SELECT format('table %s: %s', g.tgrelid::regclass, pg_get_triggerdef(g.oid)) FROM pg_trigger g WHERE NOT g.tgisinternal
UNION ALL
SELECT format('function %s %s', p.oid::regprocedure, md5(p.prosrc)) FROM pg_proc p
WHERE p.pronamespace = 'public'::regnamespace
AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
UNION ALL
SELECT format('type %s %s', t.typname, (SELECT string_agg(e.enumlabel, ', ' ORDER BY e.enumsortorder)
                                        FROM pg_enum e WHERE e.enumtypid = t.oid))
FROM pg_type t WHERE t.typnamespace = 'public'::regnamespace AND t.typtype = 'e'
""")


async def difference(server_url: str, service: str) -> list[str]:
    """Lines `-` that only the migrations make and `+` that only the models say; empty when they are equal."""
    metadata = metadata_of(service)
    async with scratch_database(server_url) as migrated, scratch_database(server_url) as modelled:
        await upgrade(migrated, service)
        await create_from_models(modelled, metadata)
        compared = difflib.ndiff(await describe(migrated), await describe(modelled))
        return [line for line in compared if line[:1] in "+-"]


async def describe(url: str) -> list[str]:
    """A database's tables as sorted lines of text; the order of columns is no part of them."""
    engine = migration_engine(url)
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(_describe)
    finally:
        await engine.dispose()


def faults(metadata: MetaData) -> list[str]:
    """What no table of the house may have."""
    return [
        f"{table.name}.{column.name}: a moment without its zone (annotate with `TYPES` of shared.db.base)"
        for table in metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, DateTime) and not column.type.timezone
    ]


def _describe(connection: Connection) -> list[str]:
    lines = connection.scalars(_DESCRIPTION).all()
    return sorted(line for line in lines if VERSION_TABLE not in line)
