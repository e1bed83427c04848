"""What was counted so far, in the words of facts: progress, bars, and a fact for each sale."""

from django.db import migrations
from django.db.models import CharField, Count, OuterRef, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat

from loop28.front.playbooks.reading import read


def count(apps, editor):
    Assignment = apps.get_model('tasks', 'Assignment')
    Step = apps.get_model('tasks', 'Step')
    steps = Step.objects.filter(assignment=OuterRef('pk')).order_by().values('assignment')
    Assignment.objects.update(
        opening=Concat(Value('beat:'), Cast('nth', CharField())),
        progress=Coalesce(Subquery(steps.annotate(n=Count('id')).values('n')), 0),
    )
    facts = {
        'checkin': '',
        'first_order': 'order_paid',
        'lock_fans': 'fan_locked',
        'link_clicks': 'link_clicked',
    }
    for kind, fact in facts.items():
        Assignment.objects.filter(kind=kind).update(mode='distinct', fact=fact)
    lines = dict(Assignment.objects.order_by().values_list('line_id', 'line__playbook__source').distinct())
    for line, source in lines.items():
        for task in read(source).data['tasks']:
            if task.get('target', 1) > 1:
                Assignment.objects.filter(line=line, task=task['key']).update(bar=task['target'])
    Happening = apps.get_model('tasks', 'Happening')
    sold = Step.objects.filter(subject__startswith='order:').order_by('id')
    sales = {}
    for subject, at, member in sold.values_list('subject', 'at', 'assignment__member'):
        sales[subject] = Happening(
            key=subject, member_id=member, kind='order_paid', subject=subject, at=at
        )
    Happening.objects.bulk_create(sales.values(), batch_size=1000)


class Migration(migrations.Migration):

    dependencies = [
        ('playbooks', '0001_initial'),
        ('tasks', '0003_facts_move_tasks'),
    ]

    operations = [
        migrations.RunPython(count, migrations.RunPython.noop),
    ]
