from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("work", "0003_choice_setting")]

    operations = [
        migrations.AddIndex(
            model_name="followup",
            index=models.Index(
                fields=["done_at"],
                condition=models.Q(is_promise=True, done_at__isnull=False),
                name="follow_up_promise_ended",
            ),
        ),
    ]
