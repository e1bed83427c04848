"""Groups in the console: which need a hand and why, one group's health, standing ones opened."""

from uuid import uuid4

import pytest

from loop28.front.circles.models import Circle, Invite
from loop28.front.groups import actions as groups
from loop28.front.groups.chat import Incoming
from loop28.front.groups.models import GroupKind, Message
from loop28.front.ladder import actions as ladder
from loop28.front.lines import actions as lines
from loop28.kernel.access import SYSTEM
from tests.circle_kit import coming, open_circle, weekly
from tests.front.clubs.kit import building_line, guests, learning, opened, taught
from tests.line_kit import live_until, local, open_line, people, region, seated

pytestmark = pytest.mark.django_db(transaction=True)


def says(group, member, text, at, *, host=False):
    key = str(uuid4())
    groups.receive(SYSTEM, [Incoming("house", key, group, member, text, at, as_host=host)])


class TestWhichNeedAHand:
    def test_a_question_nobody_answered_is_named_with_the_button_that_mends_it(self, desk, at):
        circle = open_circle()
        first, second = coming(circle, 2)
        says(circle.group_id, circle.group.host_id, "大家好", local(0, 12), host=True)
        says(circle.group_id, first, "壶怎么洗？", local(0, 13))
        at(local(0, 17))
        page = desk().get("/console/groups").content.decode()
        assert "Groups that need a hand" in page
        assert "1 question has waited for an answer" in page
        assert f"/console/groups/{circle.group_id}#questions" in page
        one = desk().get(f"/console/groups/{circle.group_id}").content.decode()
        assert "壶怎么洗？" in one
        says(circle.group_id, second, "用热水冲", local(0, 13, 5))
        assert "No group needs a hand" in desk().get("/console/groups").content.decode()

    def test_a_line_and_a_standing_group_stand_side_by_side(self, desk, at):
        line, circle = open_line(), open_circle()
        seated(line, 3)
        live_until(local(1, 12))
        page = desk().get("/console/groups").content.decode()
        assert line.phases.first().group.name in page
        assert circle.group.name in page
        only = desk().get("/console/groups?kind=interest").content.decode()
        assert line.phases.first().group.name not in only.split("Kind of group", 1)[1]

    def test_a_young_day_stands_beside_the_last_whole_one(self, desk, at):
        line, circle = open_line(), open_circle()
        ann, _ben, _eve = seated(line, 3)
        (member,) = coming(circle, 1)
        at(local(1, 10))
        of_line = line.phases.first().group_id
        says(of_line, ann, "早", local(1, 10))
        says(circle.group_id, member, "早", local(1, 10))
        pages = ["/console/groups", f"/console/groups/{of_line}", "/console/"]
        pages += [f"/console/lines/{line.pk}", f"/console/groups/{of_line}/people?show=yesterday"]
        names = ["yesterday 50.0%", "0.0%; yesterday 25.0%", "yesterday 25.0%", "yesterday 25.0%"]
        client = desk()
        assert not any("yesterday 2" in client.get(page).content.decode() for page in pages[:4])
        live_until(local(2, 0, 5))
        for page, name in zip(pages, [*names, f"/console/members/{ann}"], strict=True):
            assert name in client.get(page).content.decode(), page

    def test_a_manager_sees_their_own_regions_groups(self, desk, at):
        here, there = open_circle(code="HD"), open_circle(code="HN")
        manager = desk("region_manager", region("HD"))
        page = manager.get("/console/groups").content.decode()
        assert f"/console/groups/{here.group_id}" in page
        assert f"/console/groups/{there.group_id}" not in page
        assert manager.get(f"/console/groups/{there.group_id}").status_code == 404

    def test_the_number_of_statements_does_not_grow_with_the_groups(
        self, desk, at, django_assert_max_num_queries
    ):
        client = desk()
        for _ in range(6):
            open_circle()
        with django_assert_max_num_queries(20):
            client.get("/console/groups")


class TestOneGroup:
    def test_names_who_is_silent_and_who_answers_whom(self, desk, at):
        circle = open_circle()
        asks, answers, silent = coming(circle, 3)
        live_until(local(12, 12))
        says(circle.group_id, asks, "壶怎么洗？", local(12, 12))
        says(circle.group_id, answers, "用热水冲", local(12, 12, 3))
        page = desk().get(f"/console/groups/{circle.group_id}").content.decode()
        linked, quiet = page.split("Who answers whom", 1)[1].split('id="silent"')
        names = {m: f"茶友{n}" for n, m in enumerate((asks, answers, silent))}
        assert names[asks] in linked
        assert names[answers] in linked
        assert names[silent] not in linked
        assert names[silent] in quiet
        assert names[asks] not in quiet

    def test_who_was_active_and_left_is_on_both_sides_of_the_share(self, desk, at):
        circle = open_circle()
        (only,) = coming(circle, 1)
        says(circle.group_id, only, "再见", local(0, 12))
        groups.leave(SYSTEM, circle.group_id, [only])
        page = desk().get(f"/console/groups/{circle.group_id}").content.decode()
        assert "50.0%" in page  # of the host and who left

    def test_of_a_line_has_no_forms_of_a_standing_one(self, desk, at):
        line = open_line()
        group = line.phases.first().group_id
        page = desk().get(f"/console/groups/{group}").content.decode()
        assert "Say something" not in page
        assert desk().post(f"/console/groups/{group}/say", {"text": "嗨"}).status_code == 404


class TestStandingGroups:
    @pytest.fixture
    def host(self, at):
        (host,) = people(1, "茶馆老板")
        ladder.appoint(SYSTEM, host, "owner", "懂茶")
        return host

    def test_are_opened_in_one_form_once(self, desk, host):
        client, wish = desk(), self._wish(host)
        for _ in range(2):
            response = client.post("/console/groups/open", wish)
        circle = Circle.objects.get()
        assert response["Location"] == f"/console/groups/{circle.group_id}"
        page = client.get(response["Location"]).content.decode()
        assert "盖碗还是壶？" in page

    def test_what_is_missing_stands_next_to_its_field(self, desk, host):
        response = desk().post("/console/groups/open", self._wish(host) | {"name": " "})
        assert response.status_code == 422
        assert not Circle.objects.exists()

    def test_without_a_weekly_playbook_the_page_says_what_to_do_first(self, desk, host):
        page = desk().get("/console/groups/open").content.decode()
        assert "Publish a weekly playbook" in page

    def test_a_word_is_said_in_the_hosts_voice(self, desk, at):
        circle = open_circle()
        said = {"text": "大家今天喝什么？", "key": str(uuid4())}
        client = desk()
        for _ in range(2):
            client.post(f"/console/groups/{circle.group_id}/say", said)
        assert [m.as_host for m in Message.objects.filter(text=said["text"])] == [True]

    def test_the_host_is_changed_within_the_pool(self, desk, host):
        circle = open_circle()
        address = f"/console/groups/{circle.group_id}/host"
        (stranger,) = people(1)
        assert desk().post(address, {"host": stranger}).status_code == 404
        desk().post(address, {"host": host})
        circle.group.refresh_from_db()
        assert circle.group.host_id == host

    def test_head_users_are_asked_into_a_head_user_group(self, desk, host):
        circle = open_circle(kind=GroupKind.HEAD)
        desk().post(f"/console/groups/{circle.group_id}/invite", {})
        assert [i.member_id for i in Invite.objects.filter(circle=circle)] == [host]

    def _wish(self, host):
        return {
            "kind": "interest",
            "region": region().pk,
            "name": "喝茶群",
            "topic": "喝茶",
            "host": host,
            "rhythm": weekly().pk,
            "key": "8c2b1f0e-93a7-4d57-8a50-0d6d1f1e7a11",
        }


class TestThoseWhoDidNotSay1:
    def test_are_invited_from_the_page_of_their_line_in_one_step(self, desk, at):
        line, circle = open_line(), open_circle()
        passed, stayed = seated(line, 2)
        live_until(local(2, 21))
        lines.let_in(SYSTEM, line.pk, [passed])
        client, page = desk(), f"/console/lines/{line.pk}/members?show=not-opted-in"
        assert "did not say 1" not in client.get(page).content.decode()
        live_until(local(3, 12))
        assert "1 person did not say 1" in client.get(page).content.decode()
        for _ in range(2):
            answer = client.post(
                f"/console/lines/{line.pk}/invite-stayed", {"group": circle.group_id}
            )
            assert answer["Location"] == f"/console/lines/{line.pk}#stayed-behind"
        assert [i.member_id for i in Invite.objects.all()] == [stayed]
        for address in (page, f"/console/lines/{line.pk}"):
            assert "no answer yet 1" in client.get(address).content.decode()
        story = client.get(f"/console/lines/{line.pk}/journal?topic=people").content.decode()
        assert "was invited to the group «喝茶群»" in story

    def test_a_line_elsewhere_does_not_exist(self, desk, at):
        line, circle = open_line(), open_circle(code="HN")
        manager = desk("region_manager", region("HN"))
        sent = {"group": circle.group_id}
        address = f"/console/lines/{line.pk}/invite-stayed"
        assert manager.post(address, sent).status_code == 404


def test_an_auditor_reads_and_has_no_forms(desk, at):
    circle = open_circle()
    page = desk("auditor").get(f"/console/groups/{circle.group_id}").content.decode()
    assert circle.group.name in page
    assert "Say something" not in page


def test_groups_that_members_built_are_listed_for_their_region(desk, at):
    line = building_line()
    club = opened(line, learning(line))
    guests(club, 2)
    taught(club)
    own = desk("region_manager", line.region).get("/console/groups/own")
    assert own.context["rows"] == [(club, 3, 1, 0)]
    assert desk("region_manager", region("HN")).get("/console/groups/own").context["rows"] == []
    at(local(20, 12))  # nobody has said a word for weeks: the region looks, the owner acts
    page = desk().get(f"/console/groups/{club.group_id}")
    assert page.status_code == 200
    assert page.context["causes"] == []
