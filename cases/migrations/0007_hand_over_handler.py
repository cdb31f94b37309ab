import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def fill(apps, _schema_editor):
    """Whoever handles the dossier now, handled it when it was refused: nothing else was known."""
    case = apps.get_model("cases", "Case").objects.filter(pk=OuterRef("case"))
    refused = apps.get_model("cases", "HandOver").objects.filter(answer="no")
    refused.update(handler=Subquery(case.values("handler")[:1]))


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0006_leaving"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="handover",
            name="handler",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
