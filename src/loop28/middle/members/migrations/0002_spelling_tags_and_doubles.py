"""Names as a search compares them, tags, and who a double turned out to be."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

from loop28.kernel.text import searchable


def spell(apps: Any, schema_editor: Any) -> None:
    """Fold the names that are there."""
    members = apps.get_model("members", "Member").objects
    rows = []
    for member in members.filter(spelled="").only("name").iterator(chunk_size=1000):
        member.spelled = searchable(member.name)
        rows.append(member)
    members.bulk_update(rows, ["spelled"], batch_size=1000)


class Migration(migrations.Migration):
    dependencies = [("members", "0001_initial")]

    operations = [
        migrations.AddField("member", "spelled", models.TextField(default="")),
        migrations.AddField(
            "member",
            "merged_into",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="doubles",
                to="members.member",
            ),
        ),
        migrations.CreateModel(
            name="Tag",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("word", models.CharField(max_length=20)),
                ("spelled", models.TextField(unique=True)),
            ],
        ),
        migrations.CreateModel(
            name="Tagging",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "member",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="taggings",
                        to="members.member",
                    ),
                ),
                (
                    "tag",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="taggings",
                        to="members.tag",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("member", "tag"), name="tagged_once")
                ],
            },
        ),
        migrations.RunPython(spell, migrations.RunPython.noop),
    ]
