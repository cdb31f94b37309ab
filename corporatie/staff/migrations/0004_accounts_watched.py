import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def empty_the_second_list(apps, _schema_editor):
    """Addresses that the sign-in library kept beside ours: an old one there would still let somebody in."""
    apps.get_model("account", "EmailAddress").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [
        ("account", "0009_emailaddress_unique_primary_email"),
        ("staff", "0003_recipients"),
    ]

    operations = [
        migrations.RunPython(empty_the_second_list, migrations.RunPython.noop),
        migrations.AddField(
            model_name="user",
            name="sessions_ended",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name="accountchange",
            name="kind",
            field=models.CharField(
                choices=[
                    ("invited", "New account"),
                    ("email", "E-mail address changed"),
                    ("role_asked", "Role waits for a second administrator"),
                    ("role_given", "Role given"),
                    ("role_taken", "Role taken away"),
                    ("team_joined", "Came into a team"),
                    ("team_left", "Went out of a team"),
                    ("factor_on", "Second step set up"),
                    ("factor_off", "Second step turned off"),
                    ("password", "Password changed"),
                    ("absence", "Absence or stand-in changed"),
                    ("access_closed", "Access closed"),
                    ("access_opened", "Access opened again"),
                ],
                max_length=20,
                verbose_name="what changed",
            ),
        ),
        migrations.CreateModel(
            name="WaitingRole",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("housing_consultant", "Housing consultant"),
                            ("caretaker", "Caretaker"),
                            ("resident_coordinator", "Resident coordinator"),
                            ("project_leader", "Project leader"),
                            ("team_lead", "Team lead"),
                            ("privacy_officer", "Privacy officer"),
                            ("manager", "Manager"),
                            ("app_admin", "Application administrator"),
                        ],
                        max_length=30,
                        verbose_name="role",
                    ),
                ),
                ("asked_at", models.DateTimeField(verbose_name="asked on")),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="waiting_roles",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "role that waits for confirmation",
                "verbose_name_plural": "roles that wait for confirmation",
                "constraints": [
                    models.UniqueConstraint(fields=("user", "role"), name="waiting_role_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "role__in",
                                [
                                    "housing_consultant",
                                    "caretaker",
                                    "resident_coordinator",
                                    "project_leader",
                                    "team_lead",
                                    "privacy_officer",
                                    "manager",
                                    "app_admin",
                                ],
                            )
                        ),
                        name="waiting_role_known",
                    ),
                ],
            },
        ),
    ]
