from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tasks', '0003_a_key_is_looked_up_whole'),
    ]

    operations = [
        migrations.AddField(
            model_name='handout',
            name='asked',
            field=models.CharField(blank=True, default='', max_length=64),
        ),
    ]
