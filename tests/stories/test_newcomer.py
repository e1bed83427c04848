"""The whole programme of the first source text, 7 + 21 days, lived by a dozen people."""

from collections import Counter
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from loop28.front.clubs import queries as clubs
from loop28.front.clubs.actions import answer
from loop28.front.groups import queries as groups
from loop28.front.groups.models import Message, Outgoing
from loop28.front.ladder import queries as levels
from loop28.front.lines import actions as lines
from loop28.front.lines import beats, schedule, seats
from loop28.front.lines.models import Beat, BeatState
from loop28.front.packets import actions as packets
from loop28.front.packets import queries as packet_queries
from loop28.front.playbooks import queries as playbooks
from loop28.front.rewards import queries as rewards
from loop28.front.tasks import actions as tasks
from loop28.front.tasks import queries as task_queries
from loop28.front.tasks.models import Assignment
from loop28.kernel import clock
from loop28.kernel.access import SYSTEM
from tests.front.clubs.kit import guests, opened, taught
from tests.front.tasks import kit
from tests.line_kit import START, ZONE, group, live_until, local
from tests.stories import cast

pytestmark = pytest.mark.django_db(transaction=True)
PLAYBOOK = Path(__file__).parents[2] / "playbooks/newcomer-7-21.yaml"
BUDGET = 900_000


def test_28_days_of_twelve_people():
    here, chance = cast.region(), Random(28)
    line = cast.open_line(here, text=PLAYBOOK.read_text(), size=500, budget_fen=BUDGET)
    programme = playbooks.playbook(line.playbook_id)
    people = cast.come(line, *(f"新人{n}" for n in range(12)))
    passed = []
    for day in range(1, 29):
        for moment in _moments(line, day):
            live_until(moment)
            _host_sends_cards(here.host, line)
            _open_packets(line, people, chance)
        if day == 7:
            passed = _answer_the_call(line, people)
        if day > 7:
            _do_tasks(here.host, line, passed)
        if day in {26, 27}:
            cast.sell(passed[0], *range(day, day + 2))
            cast.sell(passed[1], day)
    live_until(local(29, 12))
    _assert_the_calendar_was_kept(line, programme)
    _assert_what_became_of_them(line, here, passed)
    live_until(local(40, 0))
    _assert_the_money(line, people)


def _moments(line, day):
    """When somebody looks at their phone: the host for every card, the others three times a day."""
    cards = Beat.objects.filter(line=line, day=day, by_host=True)
    looks = {local(day, 9), local(day, 13), local(day, 21)}
    return sorted(looks | set(cards.values_list("due_at", flat=True)))


def _host_sends_cards(host, line):
    for card in schedule.waiting_for_host(host, [line.pk]):
        if card.due_at <= clock.now():
            beats.do_by_hand(host, card.pk)


def _open_packets(line, people, chance):
    here = [group(line), group(line, 2)]
    for packet in packet_queries.open_in(here, clock.now()):
        inside = groups.present(packet.group_id, [who.id for who in people])
        tapping = chance.sample(sorted(inside), k=min(len(inside), 5))
        packets.claim(SYSTEM, packet.pk, tapping)


def _answer_the_call(line, people):
    """Seven by text, one by the button; the others talk, or say nothing."""
    call = Beat.objects.get(line=line, kind="call")
    live_until(call.due_at + timedelta(minutes=5))
    for who, words in zip(people, ["1", "打1", "１", "1️⃣", "+1", "扣1", "11"], strict=False):
        cast.say(who, line, words)
    lines.opt_in(people[7], line.pk)
    cast.say(people[8], line, "下个月1号再说")
    assert seats.passed(line.pk) == [who.id for who in people[:8]]
    return people[:8]


def _do_tasks(host, line, passed):
    """The first does all, each further one a little less; the host ticks what nobody else sees."""
    seen_by_host = []
    for place, who in enumerate(passed):
        for mine in task_queries.of_member(who, who.id, line.pk):
            if mine.stand != "open" or (mine.assignment.pk + place) % 8 < place:
                continue
            if mine.task.kind == "checkin":
                kit.check_in(who, line.pk)
            elif mine.task.kind == "quiz":
                answers = [question.answer for question in mine.task.quiz]
                assert tasks.answer_quiz(who, mine.assignment.pk, answers) == []
            elif mine.task.kind in {"lock_fans", "link_clicks"}:
                cast.share(who, line, mine.target - mine.counted)
            elif mine.task.kind == "build_group":
                guests(opened(line, who.id), mine.target - mine.counted)
            elif mine.task.kind == "teach_lesson":
                _teach(line, who, mine.target - mine.counted)
            elif mine.task.kind != "first_order":
                seen_by_host.append(mine.assignment.pk)
    tasks.tick(host, seen_by_host)


def _teach(line, who, count):
    """In their own group, to so many new people who answer."""
    club = opened(line, who.id)
    offer = clubs.to_teach(club, clock.now())[0]
    lesson = taught(club, offer.talk.key)
    for guest in guests(club, count):
        answer(kit.own(guest), lesson.pk, 1)


def _assert_the_calendar_was_kept(line, programme):
    states = Counter(Beat.objects.filter(line=line).values_list("state", flat=True))
    assert states == {BeatState.DONE: Beat.objects.filter(line=line).count()}
    packet_days = Counter(
        Beat.objects.filter(line=line, kind="packet").values_list("day", flat=True)
    )
    assert all(packet_days[day] == 3 for day in range(1, 8))
    late = [beat.done_at - beat.due_at for beat in Beat.objects.filter(line=line)]
    assert max(late) < timedelta(minutes=1)
    assert not Outgoing.objects.filter(sent_at=None).exists()
    for phase in (1, 2):
        said = Message.objects.filter(group=group(line, phase), external_id__startswith="beat:")
        times = list(said.order_by("id").values_list("at", flat=True))
        assert times == sorted(times)
    assert {t.key for t in programme.tasks} == set(
        Assignment.objects.values_list("task", flat=True)
    )


def _assert_what_became_of_them(line, here, passed):
    line.refresh_from_db()
    assert line.ended_at is not None
    assert clock.local_day(line.ended_at, ZONE) == START + timedelta(days=27)
    graduates = {g.member_id: g for g in levels.graduates(here.manager, line.pk)}
    assert set(graduates) == {who.id for who in passed}
    assert (graduates[passed[0].id].orders, graduates[passed[1].id].orders) == (3, 2)
    assert levels.level([who.id for who in passed]) == {
        passed[0].id: "owner",
        passed[1].id: "owner",
    }
    (proposal,) = levels.proposals(here.manager)
    assert proposal.member_id == passed[0].id
    active = groups.people_active_by_day([group(line), group(line, 2)])
    assert sorted(active) == [START + timedelta(days=n) for n in range(28)]


def _assert_the_money(line, people):
    found = cast.where_the_money_is(line, people)
    assert sum(found.values()) == BUDGET
    assert found["held"] == found["paid"] == 0
    totals = packet_queries.totals([line.pk])[line.pk]
    assert totals["issued"] == totals["claimed"] + totals["returned"]
    paid = rewards.paid_by_line(SYSTEM, [line.pk])[line.pk]
    assert (paid.held, paid.unfunded) == (0, 0)
    assert found["wallets"] == totals["claimed"] + paid.settled
    cast.assert_books_are_exact()
