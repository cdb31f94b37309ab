from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("visits", "0001_initial")]

    operations = [
        migrations.AddIndex(
            model_name="contactmoment",
            index=models.Index(fields=["created_at"], name="contact_noted"),
        ),
        migrations.AddIndex(
            model_name="visit",
            index=models.Index(fields=["ended_at"], condition=models.Q(ended_at__isnull=False), name="visit_ended_at"),
        ),
        migrations.AddIndex(
            model_name="wish",
            index=models.Index(fields=["created_at"], name="wish_noted"),
        ),
    ]
