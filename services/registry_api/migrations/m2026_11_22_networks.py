"""Networks and who belongs to them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261122_networks"
down_revision: str | None = "20261122_organisation_life"


def upgrade() -> None:
    op.create_table(
        "networks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(collation="C"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name_kk", sa.Text(), nullable=False),
        sa.Column("name_ru", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=True),
        sa.Column("area_code", sa.String(length=9), nullable=True),
        sa.Column("indicator", sa.Text(collation="C"), nullable=True),
        sa.Column("basis", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("term_months", sa.SmallInteger(), nullable=True),
        sa.Column("mentoring", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("eligibility", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('leading_schools', 'league', 'hub_schools', 'programme', 'other')",
            name=op.f("ck_networks_kind_known"),
        ),
        sa.CheckConstraint("term_months BETWEEN 1 AND 600", name=op.f("ck_networks_term_in_bounds")),
        sa.ForeignKeyConstraint(["area_code"], ["areas.code"], name=op.f("fk_networks_area_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_networks")),
        sa.UniqueConstraint("code", name=op.f("uq_networks_code")),
    )
    op.create_index(
        "ix_networks_indicator",
        "networks",
        ["indicator"],
        unique=False,
        postgresql_where=sa.text("indicator IS NOT NULL"),
    )
    op.create_table(
        "network_memberships",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("membership_id", sa.Uuid(), nullable=False),
        sa.Column("network_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("mentor_id", sa.Uuid(), nullable=True),
        sa.Column("area_code", sa.String(length=9), nullable=True),
        sa.Column("granted_by", sa.Text(), nullable=False),
        sa.Column("granted_on", sa.Date(), nullable=False),
        sa.Column("override_reason", sa.Text(), nullable=True),
        sa.Column("trace", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("basis", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("ended_reason", sa.Text(), nullable=True),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False),
        sa.Column("recorded", postgresql.TSTZRANGE(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("network_id"), "="),
            (sa.column("organisation_id"), "="),
            (sa.column("role"), "="),
            (sa.column("valid"), "&&"),
            where=sa.text("upper_inf(recorded)"),
            using="gist",
            name="ex_network_memberships_one_at_a_time",
        ),
        sa.CheckConstraint(
            "(granted_by = 'override') = (override_reason IS NOT NULL)",
            name=op.f("ck_network_memberships_override_has_a_reason"),
        ),
        sa.CheckConstraint(
            "(role = 'coordinator') = (area_code IS NOT NULL)",
            name=op.f("ck_network_memberships_coordinators_have_an_area"),
        ),
        sa.CheckConstraint(
            "granted_by IN ('rule', 'override', 'succession')", name=op.f("ck_network_memberships_ground_known")
        ),
        sa.CheckConstraint(
            "role IN ('leading', 'hub', 'member', 'partner', 'coordinator')",
            name=op.f("ck_network_memberships_role_known"),
        ),
        sa.CheckConstraint(
            "NOT isempty(valid) AND NOT isempty(recorded)", name=op.f("ck_network_memberships_periods_not_empty")
        ),
        sa.CheckConstraint("mentor_id <> organisation_id", name=op.f("ck_network_memberships_not_its_own_mentor")),
        sa.ForeignKeyConstraint(["area_code"], ["areas.code"], name=op.f("fk_network_memberships_area_code")),
        sa.ForeignKeyConstraint(["mentor_id"], ["organisations.id"], name=op.f("fk_network_memberships_mentor_id")),
        sa.ForeignKeyConstraint(["network_id"], ["networks.id"], name=op.f("fk_network_memberships_network_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_network_memberships_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_network_memberships")),
    )
    op.create_index("ix_network_memberships_membership_id", "network_memberships", ["membership_id"], unique=False)
    op.create_index(
        "ix_network_memberships_mentor_id",
        "network_memberships",
        ["mentor_id"],
        unique=False,
        postgresql_where=sa.text("upper_inf(recorded)"),
    )
    op.create_index(
        "ix_network_memberships_organisation_id",
        "network_memberships",
        ["organisation_id"],
        unique=False,
        postgresql_where=sa.text("upper_inf(recorded)"),
    )
    op.create_table(
        "network_national_figures",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("network_id", sa.Uuid(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_url", sa.Text(), nullable=True),
        sa.Column("qualifier", sa.Text(), nullable=False),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False),
        sa.Column("recorded", postgresql.TSTZRANGE(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("network_id"), "="),
            (sa.column("valid"), "&&"),
            where=sa.text("upper_inf(recorded)"),
            using="gist",
            name="ex_network_national_figures_one_at_a_time",
        ),
        sa.CheckConstraint(
            "NOT isempty(valid) AND NOT isempty(recorded)", name=op.f("ck_network_national_figures_periods_not_empty")
        ),
        sa.CheckConstraint("value >= 0", name=op.f("ck_network_national_figures_value_not_negative")),
        sa.ForeignKeyConstraint(["network_id"], ["networks.id"], name=op.f("fk_network_national_figures_network_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_network_national_figures")),
    )
    op.create_table(
        "network_operators",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("network_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("basis", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False),
        sa.Column("recorded", postgresql.TSTZRANGE(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("network_id"), "="),
            (sa.column("valid"), "&&"),
            where=sa.text("upper_inf(recorded)"),
            using="gist",
            name="ex_network_operators_one_at_a_time",
        ),
        sa.CheckConstraint(
            "NOT isempty(valid) AND NOT isempty(recorded)", name=op.f("ck_network_operators_periods_not_empty")
        ),
        sa.ForeignKeyConstraint(["network_id"], ["networks.id"], name=op.f("fk_network_operators_network_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_network_operators_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_network_operators")),
    )
