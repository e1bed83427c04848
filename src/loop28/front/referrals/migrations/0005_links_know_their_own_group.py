from django.db import migrations


class Migration(migrations.Migration):
    """A link into a group of one's own says which: two records of one person may have one each."""

    dependencies = [
        ('clubs', '0001_initial'),
        ('referrals', '0004_promoters_are_erased'),
    ]

    operations = [
        migrations.RunSQL(
            "UPDATE referrals_link SET talk = COALESCE((SELECT CAST(id AS varchar(40)) FROM clubs_club"
            " WHERE owner_id = promoter_id AND clubs_club.line_id = referrals_link.line_id"
            " AND number = 1), '0') WHERE target = 'group'",
            migrations.RunSQL.noop,
        ),
    ]
