"""Django gives each unique text a second index on PostgreSQL, for those who search by its beginning.

Nobody searches for a piece of a machine's name, and every row that is written pays for the index.
"""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [("groups", "0002_members_own_groups")]

    operations = [
        migrations.RunSQL("DROP INDEX IF EXISTS groups_outgoing_key_45322011_like", migrations.RunSQL.noop),
        migrations.RunSQL("DROP INDEX IF EXISTS groups_notice_key_254b0112_like", migrations.RunSQL.noop),
    ]
