"""What a member can share, and the link they get for it."""

import pytest

from loop28.front.lines import actions as lines
from loop28.front.referrals import queries, sharing
from loop28.front.referrals.models import Link
from loop28.front.referrals.refusals import NotShareable, TooManyLinks
from loop28.kernel.access import NotAllowed, Role
from loop28.kernel.text import TextTooLong
from tests.factories import staff
from tests.front.referrals.kit import me, product_link, told
from tests.line_kit import local, people, region, seated

pytestmark = pytest.mark.django_db


def offered(member: int) -> list[tuple[str, str]]:
    return [(str(one.target), one.talk) for one in sharing.shareable(me(member))]


def test_who_invites_shares_the_line_and_everybody_its_product_and_the_lessons_told(line, at):
    (newcomer,) = seated(line, 1)
    assert offered(line.host_id) == [("line", ""), ("product", "")]
    assert offered(newcomer) == [("product", "")]
    at(local(1, 9))
    assert offered(newcomer) == [("product", ""), ("lesson", "d1-talk")]


def test_who_is_in_no_line_or_left_it_shares_nothing(line):
    (newcomer,) = seated(line, 1)
    lines.leave(me(newcomer), line.pk, newcomer)
    (stranger,) = people(1)
    assert offered(newcomer) == offered(stranger) == []
    for member in (newcomer, stranger):
        with pytest.raises(NotShareable):
            sharing.share(me(member), line.pk, "product")


@pytest.mark.parametrize(
    ("target", "talk"),
    [("line", ""), ("lesson", "d1-talk"), ("lesson", ""), ("moon", ""), ("product", "d1-talk")],
)
def test_only_what_is_offered_can_be_shared(line, target, talk):
    (newcomer,) = seated(line, 1)
    with pytest.raises(NotShareable):
        sharing.share(me(newcomer), line.pk, target, talk)


def test_a_link_is_short_unguessable_and_the_same_for_the_same_place(line, link):
    again = product_link(line, link.promoter_id)
    elsewhere = product_link(line, link.promoter_id, place="  宝妈群 ")
    assert again == link
    assert elsewhere != link
    assert elsewhere.place == "宝妈群"
    assert len(link.token) <= 12
    assert len({link.token, elsewhere.token}) == 2
    assert len(told("LinkMade")) == 2


def test_links_of_a_member_in_a_line_are_limited_and_old_ones_stay(line, link, monkeypatch):
    monkeypatch.setattr(sharing, "MOST", 2)
    product_link(line, link.promoter_id, "a")
    with pytest.raises(TooManyLinks):
        product_link(line, link.promoter_id, "b")
    assert product_link(line, link.promoter_id, "a").place == "a"
    with pytest.raises(TextTooLong):
        product_link(line, link.promoter_id, "群" * 41)


def test_members_see_their_own_links_and_staff_those_of_their_region(line, link):
    (neighbour,) = seated(line, 1)
    assert list(queries.links(me(link.promoter_id))) == [link]
    assert list(queries.links(me(neighbour))) == []
    here, elsewhere = (
        staff(Role.REGION_MANAGER, line.region),
        staff(Role.REGION_MANAGER, region("HN")),
    )
    assert list(queries.links(here.actor)) == [link]
    assert list(queries.links(elsewhere.actor)) == []
    assert queries.link(link.token) == link
    assert queries.link("nothing") is None
    assert Link.objects.count() == 1


def test_only_members_share(line):
    with pytest.raises(NotAllowed):
        sharing.share(staff().actor, line.pk, "product")
