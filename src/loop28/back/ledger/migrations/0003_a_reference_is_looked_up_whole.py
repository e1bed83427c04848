"""Django gives each unique text a second index on PostgreSQL, for those who search by its beginning.

Nobody searches for a piece of a machine's name, and every row that is written pays for the index.
"""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [("ledger", "0002_the_database_keeps_the_balances")]

    operations = [
        migrations.RunSQL("DROP INDEX IF EXISTS ledger_transfer_reference_06c9dfa1_like", migrations.RunSQL.noop)
    ]
