"""What Alembic runs: the migrations, on the connection that it is handed."""

from alembic import context

from wenzhu.adapters.evidence_tables import VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"], version_table=VERSION_TABLE
)
context.run_migrations()
