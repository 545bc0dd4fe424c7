"""What became of a change after its session, and more ways from an outcome to the sessions it speaks of."""

import sqlalchemy as sa
from alembic import op

revision = "store_0006"
down_revision = "store_0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns and create the tables; stored sessions get their columns when they are merged anew."""
    for name in ("base_commit", "base_prefix", "branch", "added_lines"):
        op.add_column("sessions", sa.Column(name, sa.Text))
    op.create_index("ix_sessions_team_base_prefix", "sessions", ["team", "base_prefix"])
    op.create_index("ix_sessions_team_project_branch", "sessions", ["team", "project", "branch"])
    for name in ("project", "branch", "added_lines"):
        op.add_column("outcomes", sa.Column(name, sa.Text))
    op.create_index("ix_outcomes_team_project_branch_at_ns", "outcomes", ["team", "project", "branch", "at_ns"])
    op.create_table(
        "outcome_lines",
        *(sa.Column(name, sa.Text, nullable=False) for name in ("team", "line", "outcome_id")),
        sa.PrimaryKeyConstraint("team", "line", "outcome_id", name="pk_outcome_lines"),
    )
    _create_follow_ups()


def _create_follow_ups() -> None:
    op.create_table(
        "follow_ups",
        *(sa.Column(name, sa.Text, nullable=False) for name in ("team", "follow_up_id", "project")),
        sa.Column("branch", sa.Text),
        sa.Column("number", sa.Integer),
        sa.Column("at_ns", sa.BigInteger, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("team", "follow_up_id", name="pk_follow_ups"),
    )
    op.create_index("ix_follow_ups_team_project_branch", "follow_ups", ["team", "project", "branch"])
    op.create_index("ix_follow_ups_team_project_number", "follow_ups", ["team", "project", "number"])
    op.create_table(
        "follow_up_commits",
        *(sa.Column(name, sa.Text, nullable=False) for name in ("team", "commit_prefix", "follow_up_id")),
        sa.PrimaryKeyConstraint("team", "commit_prefix", "follow_up_id", name="pk_follow_up_commits"),
    )
