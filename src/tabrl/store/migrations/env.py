"""Alembic's entry: runs the migrations over the connection that `tabrl.store.database` gives."""

from alembic import context

from tabrl.store.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
)
context.run_migrations()
