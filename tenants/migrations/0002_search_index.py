"""Search by a part of a name or address reads an index on PostgreSQL. SQLite keeps up without."""

from django.db import migrations

TABLES = ["tenants_dwelling", "tenants_tenancy"]


def add_index(apps, schema_editor):
    """A trigram index on the folded column."""
    if schema_editor.connection.vendor != "postgresql":
        return
    schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    for table in TABLES:
        schema_editor.execute(f"CREATE INDEX {table}_search ON {table} USING gin (search_text gin_trgm_ops)")


def drop_index(apps, schema_editor):
    """Without the index."""
    if schema_editor.connection.vendor == "postgresql":
        for table in TABLES:
            schema_editor.execute(f"DROP INDEX {table}_search")


class Migration(migrations.Migration):
    dependencies = [("tenants", "0001_initial")]

    operations = [migrations.RunPython(add_index, drop_index)]
