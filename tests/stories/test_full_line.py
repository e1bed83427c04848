"""A line that is full: people wait, move up, give up, come back, and are told where they stand."""

import pytest

from loop28.front.groups import queries as groups
from loop28.front.ladder import queries as levels
from loop28.front.lines import actions as lines
from loop28.front.lines import seats
from loop28.front.lines.refusals import LineClosed, NotInLine
from loop28.front.packets import actions as packets
from loop28.front.packets.actions import Opened
from loop28.front.packets.models import Packet
from loop28.kernel.access import SYSTEM
from tests.line_kit import group, invitation, live_until, local
from tests.stories import cast

pytestmark = pytest.mark.django_db(transaction=True)


def places(line, people):
    """Where each stands: in, out, or which place in the waiting line."""
    found: list[str | int] = []
    for who in people:
        try:
            seat = seats.seat(who, line.pk)
        except NotInLine:
            found.append("out")
            continue
        found.append("in" if seat.state == "joined" else seats.place_in_queue(seat))
    return found


def test_a_full_line_with_people_who_wait():
    here = cast.region()
    line = cast.open_line(here, size=3)
    people = cast.come(line, *"一二三四五六")
    one, two, three, four, five, six = people
    assert places(line, people) == ["in", "in", "in", 1, 2, 3]

    lines.leave(SYSTEM, line.pk, five.id)  # whoever is tired of waiting
    assert places(line, people) == ["in", "in", "in", 1, "out", 2]
    lines.leave(SYSTEM, line.pk, two.id)
    assert places(line, people) == ["in", "out", "in", "in", "out", 1]
    for minute, who in enumerate([two, five, two]):
        live_until(local(0, 13, minute))
        lines.join(SYSTEM, invitation(line), [who.id])
    assert places(line, people) == ["in", 2, "in", "in", 3, 1]

    live_until(local(1, 12, 30))
    packet = Packet.objects.get().pk
    outcomes = packets.claim(SYSTEM, packet, [who.id for who in people])
    assert [claim.outcome for claim in outcomes] == [
        *(Opened.NOW, Opened.OUTSIDE, Opened.NOW, Opened.NOW, Opened.OUTSIDE, Opened.OUTSIDE)
    ]
    had = cast.wallet(three)
    lines.leave(SYSTEM, line.pk, three.id)
    assert places(line, people) == ["in", 1, "out", "in", 2, "in"]
    # Whoever moves up opens what is still there; whoever left keeps what they have.
    assert packets.claim(SYSTEM, packet, [six.id])[0].outcome is Opened.NOW
    assert cast.wallet(three) == had > 0
    assert packets.claim(SYSTEM, packet, [three.id])[0].outcome is Opened.BEFORE

    live_until(local(2, 20, 1))
    cast.say(one, line, "1")
    cast.say(six, line, "1")
    with pytest.raises(NotInLine):
        lines.opt_in(two, line.pk)
    cast.say(two, line, "1")  # through an adapter of a platform that lets outsiders write
    assert seats.passed(line.pk) == sorted([one.id, six.id])
    lines.leave(SYSTEM, line.pk, six.id)
    assert places(line, people) == ["in", "in", "out", "in", 1, "out"]
    assert seats.passed(line.pk) == [one.id]
    lines.opt_in(two, line.pk)

    live_until(local(2, 23, 31))
    with pytest.raises(LineClosed):
        lines.join(SYSTEM, invitation(line), [six.id])
    lines.leave(SYSTEM, line.pk, four.id)
    assert places(line, people) == ["in", "in", "out", "out", 1, "out"]  # too late to move up
    assert groups.present(group(line, 2), [who.id for who in people]) == {one.id, two.id}
    counts = {"joined": 5, "seated": 2, "waiting": 1, "opted_in": 3}
    assert seats.head_counts([line.pk]) == {line.pk: counts}

    live_until(local(5, 21))
    assert {g.member_id for g in levels.graduates(SYSTEM, line.pk)} == {one.id, two.id}
    cast.assert_books_are_exact()


def test_who_left_after_opting_in_and_comes_back_is_in_both_groups_again():
    line = cast.open_line(cast.region())
    (who,) = cast.come(line, "小一")
    live_until(local(2, 20, 1))
    lines.opt_in(who, line.pk)
    lines.leave(SYSTEM, line.pk, who.id)
    assert list(groups.groups(who)) == []
    assert seats.passed(line.pk) == []
    lines.join(SYSTEM, invitation(line), [who.id])
    assert {g.pk for g in groups.groups(who)} == {group(line), group(line, 2)}
    assert seats.passed(line.pk) == [who.id]
