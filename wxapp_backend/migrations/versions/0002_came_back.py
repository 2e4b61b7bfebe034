"""Note with each person whether they came back after being erased.

Kind: expand (a column that may be null; null means that nobody has looked).
Locks: none that lasts on PostgreSQL; on SQLite the table is altered in place.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002_came_back"
down_revision = "0001_first_floor"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column(
        "person",
        sa.Column(
            "came_back",
            sa.Boolean(),
            nullable=True,
            comment="an account with one of their names was erased; null: not looked up",
        ),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_column("person", "came_back")
