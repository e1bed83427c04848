from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('referrals', '0003_clicks_by_day'),
    ]

    operations = [
        migrations.AlterField(
            model_name='lock',
            name='ended',
            field=models.CharField(blank=True, choices=[('', 'in its own time'), ('self', 'it was the promoter'), ('member', 'they were a member before'), ('second', 'they had a lock on another phone'), ('moved', 'given to somebody else'), ('erased', 'the promoter was erased')], max_length=8),
        ),
    ]
