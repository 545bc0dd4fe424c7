"""Which project each call to a model was for; nobody knows of the calls before."""

import sqlalchemy as sa
from alembic import op

revision = "store_0012"
down_revision = "store_0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("spend", sa.Column("project", sa.Text))
