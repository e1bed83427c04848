"""The few facts of the house get a mark, and an index of their own."""

from typing import Any

from django.db import migrations, models

from loop28.kernel.append_only import append_only

STAFF = ("administrator", "region_manager", "middle", "finance", "auditor")
_guard = append_only("journal_entry")


def mark(apps: Any, schema_editor: Any) -> None:
    """What staff and commands did before the mark was there."""
    entries = apps.get_model("journal", "Entry").objects
    entries.filter(actor="system:0", line=None, member=None).update(staff=0)
    rows = entries.filter(models.Q(*(("actor__startswith", f"{role}:") for role in STAFF), _connector="OR"))
    for actor in set(rows.values_list("actor", flat=True)):
        entries.filter(actor=actor).update(staff=int(actor.partition(":")[2]))


class Migration(migrations.Migration):
    dependencies = [("journal", "0002_append_only")]

    operations = [
        migrations.RunPython(_guard.reverse_code, _guard.code),
        migrations.AddField("entry", "staff", models.BigIntegerField(null=True)),
        migrations.RunPython(mark, migrations.RunPython.noop),
        append_only("journal_entry"),
        migrations.AddIndex(
            "entry",
            models.Index(
                fields=["id"],
                condition=models.Q(("staff__isnull", False)),
                name="journal_of_the_house",
            ),
        ),
    ]
