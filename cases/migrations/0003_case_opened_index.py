from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_signal_types")]

    operations = [
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["created_at"], name="case_opened"),
        ),
    ]
