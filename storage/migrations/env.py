"""Run by alembic for every command; the connection comes from `storage.migrate.configuration`."""

from alembic import context

from storage.tables import Row

context.configure(connection=context.config.attributes["connection"], target_metadata=Row.metadata)
with context.begin_transaction():
    context.run_migrations()
