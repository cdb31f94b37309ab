"""The names of colleagues leave the journal: a line holds the number of whom it names.

A line of this table is never changed. Here it is, once: a name may not stand for ever in what cannot be corrected, and
until now it did. The triggers are set aside for that inside this transaction, and stand again at its end. A name that
nobody has (any more), or that two colleagues share, becomes nobody: the line then tells of "a colleague".
"""

from django.db import migrations

# The kinds of line that held a name, and the field it stood in.
NAMED = {"signal_taken_up": "handler", "case_opened": "handler", "case_assigned": "handler"}
BATCH = 1000


def take_names_out(apps, schema_editor):
    """Replace each name by the number of that colleague."""
    allow_updates(schema_editor)
    entries = apps.get_model("journal", "Entry").objects
    users = apps.get_model("staff", "User").objects
    by_name = {}
    for number, name in users.values_list("pk", "name"):
        by_name[name] = None if name in by_name else number
    names = dict(users.values_list("pk", "name"))
    for kind, field in NAMED.items():
        batch = []
        for entry in entries.filter(kind=kind).only("data", "by").iterator(BATCH):
            if not isinstance(entry.data.get(field), str):
                continue
            name = entry.data[field]
            # Who took it up herself is known, whoever else is called the same.
            number = entry.by_id if names.get(entry.by_id) == name else by_name.get(name)
            entry.data = {**entry.data, field: number}
            batch.append(entry)
        entries.bulk_update(batch, ["data"], batch_size=BATCH)
    refuse_updates(schema_editor)


def allow_updates(schema_editor):
    """Set the trigger against changes aside, on the one table."""
    if schema_editor.connection.vendor == "postgresql":
        # PostgreSQL alters no table that still has checks to come in this transaction.
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        schema_editor.execute("DROP TRIGGER journal_entry_append_only ON journal_entry")
    else:
        schema_editor.execute("DROP TRIGGER IF EXISTS journal_entry_no_update")


def refuse_updates(schema_editor):
    """Put it back as it was."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        schema_editor.execute(
            "CREATE TRIGGER journal_entry_append_only BEFORE UPDATE OR DELETE ON journal_entry "
            "FOR EACH ROW EXECUTE FUNCTION journal_entry_is_append_only()"
        )
    else:
        schema_editor.execute(
            "CREATE TRIGGER journal_entry_no_update BEFORE UPDATE ON journal_entry "
            "BEGIN SELECT RAISE(ABORT, 'journal_entry is append-only'); END"
        )


class Migration(migrations.Migration):
    dependencies = [("journal", "0002_append_only"), ("staff", "0001_initial")]

    operations = [migrations.RunPython(take_names_out, migrations.RunPython.noop)]
