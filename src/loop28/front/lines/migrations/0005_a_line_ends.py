from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ('lines', '0004_who_was_spoken_to'),
    ]

    operations = [
        migrations.RenameField('line', 'graduated_at', 'ended_at'),
    ]
