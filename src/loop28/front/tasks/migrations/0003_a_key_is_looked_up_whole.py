"""Django gives each unique text a second index on PostgreSQL, for those who search by its beginning.

Nobody searches for a piece of a machine's name, and every row that is written pays for the index.
"""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [("tasks", "0002_make_up_cards")]

    operations = [
        migrations.RunSQL("DROP INDEX IF EXISTS tasks_happening_key_1968d6d5_like", migrations.RunSQL.noop)
    ]
