from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tasks', '0004_what_was_counted'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='assignment',
            name='one_assignment',
        ),
        migrations.RemoveIndex(
            model_name='assignment',
            name='tasks_assig_member__768484_idx',
        ),
        migrations.RemoveIndex(
            model_name='step',
            name='tasks_step_subject_5e8cdc_idx',
        ),
        migrations.AddIndex(
            model_name='assignment',
            index=models.Index(fields=['member', 'fact'], name='tasks_assig_member__732361_idx'),
        ),
        migrations.AddConstraint(
            model_name='assignment',
            constraint=models.UniqueConstraint(fields=('line', 'member', 'task', 'opening'), name='one_assignment'),
        ),
        migrations.RemoveField(
            model_name='assignment',
            name='nth',
        ),
    ]
