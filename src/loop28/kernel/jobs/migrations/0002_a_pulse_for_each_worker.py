from django.db import migrations, models


class Migration(migrations.Migration):
    """The one row for all goes: while tables are changed, nobody works."""

    dependencies = [("jobs", "0001_initial")]

    operations = [
        migrations.DeleteModel(name="Pulse"),
        migrations.CreateModel(
            name="Pulse",
            fields=[
                ("worker", models.TextField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
            ],
        ),
    ]
