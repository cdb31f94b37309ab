from django.db import migrations, models
from django.db.models import OuterRef, Q, Subquery

ENDED = frozenset({"cancelled", "closed"})


def copy_the_day_of_the_next_step(apps, schema_editor):
    follow_up = apps.get_model("work", "FollowUp")
    day = Subquery(follow_up.objects.filter(pk=OuterRef("next_step")).values("due_on"))
    apps.get_model("cases", "Case").objects.filter(next_step__isnull=False).update(next_due_on=day)


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_case_opened_index"), ("work", "0001_initial")]

    operations = [
        migrations.AddField("case", "next_due_on", models.DateField(null=True)),
        migrations.RunPython(copy_the_day_of_the_next_step, migrations.RunPython.noop),
        migrations.RemoveConstraint("case", "case_open_has_next_step"),
        migrations.AddConstraint(
            "case",
            models.CheckConstraint(
                condition=Q(status__in=ENDED, next_step=None, next_due_on=None)
                | (~Q(status__in=ENDED) & Q(next_step__isnull=False, next_due_on__isnull=False)),
                name="case_open_has_next_step",
            ),
        ),
        migrations.AddIndex(
            "case",
            models.Index(fields=["next_due_on", "id"], condition=~Q(status__in=ENDED), name="case_open_next"),
        ),
    ]
