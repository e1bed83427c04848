from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tasks', '0004_what_a_handout_asked'),
    ]

    operations = [
        migrations.AddField(
            model_name='assignment',
            name='counted_to',
            field=models.DateTimeField(null=True),
        ),
    ]
