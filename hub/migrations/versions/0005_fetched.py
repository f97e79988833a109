"""Under which lease an attempt's work order was last read: only then does a session that ends count against it."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("attempts", sa.Column("fetched_fence", sa.BigInteger(), nullable=True))
