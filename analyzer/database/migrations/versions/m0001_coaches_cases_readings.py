"""Coaches, cases and readings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_TRAITS = ("specificity", "focus", "concision", "enthusiasm", "grammar", "overall")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "coaches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_coaches"),
        sa.UniqueConstraint("name", name="uq_coaches_name"),
    )
    op.create_table(
        "cases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("source", sa.String(20), nullable=False),
        sa.Column("ticket", sa.String(64), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(20), nullable=True),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("draft", "notes", "interviewer", "company", "role")),
        sa.PrimaryKeyConstraint("id", name="pk_cases"),
        sa.UniqueConstraint("fingerprint", name="uq_cases_fingerprint"),
        sa.UniqueConstraint("ticket", name="uq_cases_ticket"),
    )
    op.create_table(
        "readings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("coach_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        *(sa.Column(name, sa.Float(), nullable=False) for name in _TRAITS),
        sa.Column("faults", sa.JSON(), nullable=False),
        sa.Column("model", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_readings_case_id_cases", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["coach_id"], ["coaches.id"], name="fk_readings_coach_id_coaches"),
        sa.PrimaryKeyConstraint("id", name="pk_readings"),
    )
    op.create_index("ix_readings_case_id", "readings", ["case_id"])
    op.create_index("ix_readings_coach_id", "readings", ["coach_id"])


def downgrade() -> None:
    """Drop them."""
    for table in ("readings", "cases", "coaches"):
        op.drop_table(table)
