"""What Alembic runs: migrations on the connection it is given, in the transaction that is open there."""

from __future__ import annotations

from alembic import context

from analyzer.database.schema import Base

context.configure(connection=context.config.attributes["connection"], target_metadata=Base.metadata)
context.run_migrations()
