"""The database refuses two households that live in one home at the same time. They may share one day.

An end in the year 9999 is how administrations write "no end": it becomes no end. Households that overlap already are
not changed here, because only the association knows which date is wrong: the migration names them and stops.
"""

from datetime import date

from django.db import migrations

RULE = "tenancy_one_at_a_time"
NO_END = date(9999, 1, 1)
# Up to their last day, and not with it: the day on which one goes and the next comes is shared.
SPAN = "daterange(started_on, ended_on, '[)')"
CLASH = """
SELECT 1 FROM tenants_tenancy other
WHERE other.dwelling_id = NEW.dwelling_id AND other.id <> NEW.id
    AND other.started_on < COALESCE(NEW.ended_on, '9999-12-31')
    AND NEW.started_on < COALESCE(other.ended_on, '9999-12-31')
    AND NEW.started_on < COALESCE(NEW.ended_on, '9999-12-31')
    AND other.started_on < COALESCE(other.ended_on, '9999-12-31')
"""
SHOWN = 20


class OverlapError(Exception):
    """Two households in one home at the same time."""


def read_no_end(apps, schema_editor):
    """An end in the year 9999 is no end."""
    apps.get_model("tenants", "Tenancy").objects.filter(ended_on__gte=NO_END).update(ended_on=None)


def refuse_overlap(apps, schema_editor):
    """Put the rule in the database, or say who stands in its way."""
    _stop_where_two_overlap(apps.get_model("tenants", "Tenancy"))
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
        schema_editor.execute(
            f"ALTER TABLE tenants_tenancy ADD CONSTRAINT {RULE} EXCLUDE USING gist (dwelling_id WITH =, {SPAN} WITH &&)"
        )
        return
    for name, event in (("insert", "INSERT"), ("update", "UPDATE OF dwelling_id, started_on, ended_on")):
        schema_editor.execute(
            f"CREATE TRIGGER {RULE}_{name} AFTER {event} ON tenants_tenancy WHEN EXISTS ({CLASH}) "
            f"BEGIN SELECT RAISE(ABORT, '{RULE}'); END"
        )


def allow_overlap(apps, schema_editor):
    """Take the rule away again."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"ALTER TABLE tenants_tenancy DROP CONSTRAINT {RULE}")
        return
    for name in ("insert", "update"):
        schema_editor.execute(f"DROP TRIGGER {RULE}_{name}")


def _stop_where_two_overlap(model):
    rows = model.objects.order_by("dwelling", "started_on", "pk")
    clashes, before = [], None
    for home, start, end, contract, pk in rows.values_list("dwelling", "started_on", "ended_on", "external_id", "pk"):
        end = end or date.max
        if start == end:
            continue
        if before and before[0] == home and start < before[1]:
            clashes.append(f"{before[2]} + {contract or pk}")
        if before is None or before[0] != home or end > before[1]:
            before = (home, end, contract or pk)
    if clashes:
        more = f" (and {len(clashes) - SHOWN} more)" if len(clashes) > SHOWN else ""
        raise OverlapError(
            "Two households may not live in one home at the same time, apart from the day of the change. Nothing was "
            "changed. Go back to the version you came from, mend the dates of these contracts in your own "
            f"administration, deliver again, and upgrade then: {', '.join(clashes[:SHOWN])}{more}."
        )


class Migration(migrations.Migration):
    dependencies = [("tenants", "0003_names_of_places")]

    operations = [
        # It knows no day: a household that goes and the next that is known already are two, of which one has no end.
        migrations.RemoveConstraint(model_name="tenancy", name="tenancy_one_current_per_dwelling"),
        migrations.RunPython(read_no_end, migrations.RunPython.noop),
        migrations.RunPython(refuse_overlap, allow_overlap),
    ]
