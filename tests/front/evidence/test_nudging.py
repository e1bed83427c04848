"""Who waits for our look at a picture is not stuck with it."""

import pytest

from loop28.front.evidence import actions as evidence
from loop28.front.groups.models import Notice
from loop28.front.tasks import actions as tasks
from loop28.front.tasks import nudging
from loop28.kernel.access import SYSTEM
from tests.front.evidence import kit
from tests.front.tasks.kit import assignment, check_in, open_line, own, passing
from tests.line_kit import live_until, local

SHOP = "name-shop"
SHOWN = ("kind: name_shop", "kind: name_shop\n    proof: photo")


@pytest.mark.django_db(transaction=True)
def test_who_waits_for_our_look_gets_no_nudge_and_who_sent_nothing_does(at, uploads):
    line = open_line(SHOWN)
    sent, idle = passing(line, 2)
    for member in (sent, idle):
        check_in(own(member), line.pk)
        tasks.complete(SYSTEM, [(assignment(line, member, "quiz").pk, "quiz")])
    evidence.send(own(sent), assignment(line, sent, SHOP).pk, kit.picture())
    live_until(local(5, 9))
    nudged = Notice.objects.filter(key__startswith="nudge:")
    assert list(nudged.values_list("member", flat=True)) == [idle]


@pytest.mark.django_db
def test_the_word_names_what_can_be_done_and_not_what_waits_for_a_look(at, uploads):
    line = open_line(("effort: 1h\n    window: 1d", "effort: 1h\n    window: 30h"))
    (member,) = passing(line, 1)
    live_until(local(5, 8, 31))
    reviewing = [assignment(line, member, "first-order").pk]
    assert nudging.nudge(SYSTEM, line.pk, reviewing) == 1
    assert "三句使用感受" in Notice.objects.get(key__startswith="nudge:").text
