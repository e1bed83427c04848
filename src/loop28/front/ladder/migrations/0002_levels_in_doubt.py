from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ladder', '0001_initial'),
    ]

    operations = [
        migrations.AlterField(
            model_name='demotion',
            name='cause',
            field=models.CharField(choices=[('refunds', 'the numbers no longer hold'), ('complaints', 'complaints found right'), ('idle', 'nothing done for long'), ('person', "a person's decision")], max_length=10),
        ),
    ]
