from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("projects", "0003_phase_change")]

    operations = [
        migrations.AddIndex(
            model_name="accommodation",
            index=models.Index(fields=["created_at"], name="accommodation_noted"),
        ),
    ]
