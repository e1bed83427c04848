"""Django gives each unique text a second index on PostgreSQL, for those who search by its beginning.

Nobody searches for a piece of a machine's name, and every row that is written pays for the index.
"""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [("rewards", "0002_coupons_are_used")]

    operations = [
        migrations.RunSQL("DROP INDEX IF EXISTS rewards_entitlement_reference_6abecebc_like", migrations.RunSQL.noop)
    ]
