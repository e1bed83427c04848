"""The review desk: the queue, one picture after the other, and who is asked."""

from datetime import timedelta

import pytest

from loop28.front.evidence import actions as proofs
from loop28.front.evidence.models import Colleague, Proof, Review
from loop28.front.lines import actions as lines
from loop28.front.lines.models import Line
from loop28.kernel.access import SYSTEM
from loop28.middle.members.models import Member
from tests.factories import member
from tests.front.evidence.kit import (
    ALWAYS_AGAIN,
    PAYS_MUCH,
    approve,
    open_line,
    passing,
    send,
    task_of,
)
from tests.line_kit import seated

pytestmark = pytest.mark.django_db
YES = {"look": "first", "decision": "approved"}
NO = {"look": "first", "decision": "rejected"}


@pytest.fixture
def line(at, settings, tmp_path) -> Line:
    settings.MEDIA_ROOT = tmp_path
    return open_line()


def page(client, path, **search):
    return client.get(path, search).content.decode()


def address(proof):
    return f"/console/review/{proof.pk}"


def count_in_menu(client):
    menu = client.get("/console/review").context["menu"]
    return next(s[3] for _, found in menu for s in found if str(s[0]) == "Review desk")


def test_the_queue_is_empty_at_first_and_says_where_pictures_come_from(desk, line):
    assert "proof: photo" in page(desk("middle"), "/console/review")


def test_the_oldest_is_first_and_after_a_decision_comes_the_next(desk, line):
    one, other = (send(line, m, c) for m, c in zip(passing(line, 2), ("red", "blue"), strict=True))
    client = desk("region_manager", line.region)
    assert count_in_menu(client) == 2
    assert f'href="{address(one)}"' in page(client, "/console/review").split("Begin with")[0]
    assert client.post(address(one), YES)["Location"] == address(other)
    assert client.post(address(other), YES)["Location"] == "/console/review"
    assert count_in_menu(client) == 0
    assert page(client, "/console/review", state="decided").count("tag-good") == 2


def test_a_task_that_closed_while_its_picture_waits_is_not_missed(desk, at, line):
    (who,) = passing(line)
    send(line, who)
    at(task_of(line, who).closes_at + timedelta(hours=1))
    client = desk()
    assert "waiting for review" in page(client, f"/console/members/{who}")
    there = f"/console/lines/{line.pk}/members"
    behind = {"show": "all", "task": "own-words", "nth": "1"}
    assert 'stood=in-review">1</a>' in page(client, f"/console/lines/{line.pk}/tasks")
    name = str(Proof.objects.get().assignment.member)
    assert name in page(client, there, **behind, stood="in-review")
    assert name not in page(client, there, **behind, stood="missed")


def test_a_picture_that_was_handed_in_in_another_region_is_there_and_its_sender_is_not(desk, line):
    there = open_line(code="HN")
    (far,) = seated(there, 1)
    (here,) = passing(line)
    lines.let_in(SYSTEM, there.pk, [far])
    Member.objects.filter(pk=far).update(name="别区的人")
    proof = send(line, here)
    send(there, far)
    found = page(desk("region_manager", line.region), address(proof))
    assert "1 is elsewhere, where you do not review." in found
    assert "别区的人" not in found
    assert there.code not in found
    assert "别区的人" in page(desk("middle"), address(proof))


def test_the_picture_is_beside_all_that_helps_to_decide(desk, line):
    one, other = passing(line, 2)
    send(line, one)
    proof = send(line, other)
    found = page(desk("middle"), address(proof))
    assert f"/proofs/{proof.pk}/{proof.digest}.jpg" in found
    assert "Handed in before, or again" in found
    assert str(Proof.objects.get(nth=1, assignment__member=one).assignment.member) in found
    assert "None: it is their first." in found
    assert "写三句自己的使用感受" in found
    for key in "arj?":
        assert f'data-key="{key}"' in found or key == "j"


def test_turned_down_needs_a_reason_that_the_member_reads(desk, line):
    (one,) = passing(line)
    proof, client = send(line, one), desk("middle")
    answer = client.post(address(proof), NO)
    assert answer.status_code == 422
    assert "Choose a reason" in answer.content.decode()
    assert client.post(address(proof), NO | {"why": "other"}).status_code == 422
    client.post(address(proof), NO | {"why": "other", "words": "拍的是别家的店"})
    assert Review.objects.get().reason == "拍的是别家的店"
    assert "拍的是别家的店" in page(client, address(proof))


def test_a_second_reviewer_of_the_same_look_is_shown_the_next_picture(desk, line):
    (one,) = passing(line)
    proof = send(line, one)
    assert desk("middle").post(address(proof), YES).status_code == 302
    answer = desk("middle").post(address(proof), NO | {"why": "not_own"}, follow=True)
    assert "decided meanwhile" in answer.content.decode()
    assert task_of(line, one).done_at


def test_much_money_waits_for_somebody_else(desk, at, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    line = open_line(PAYS_MUCH)
    (one,) = passing(line)
    proof, first, second = send(line, one), desk("middle"), desk("middle")
    assert "two people" in page(first, address(proof))
    told = first.post(address(proof), YES, follow=True).content.decode()
    assert "somebody else has approved it, too" in told
    assert "1 more waits for somebody else" in told
    assert "You have looked at it" in page(first, address(proof))
    refused = first.post(address(proof), YES | {"look": "second"})
    assert "somebody else&#x27;s" in refused.content.decode()
    second.post(address(proof), YES | {"look": "second"})
    assert task_of(line, one).done_at


def test_a_relative_is_not_shown_the_picture(desk, line):
    (one,) = passing(line)
    proof, client = send(line, one), desk("region_manager", line.region)
    proofs.name_colleague(SYSTEM, client.user.pk, line.host_id)
    assert client.get(address(proof)).status_code == 404
    assert client.post(address(proof), YES).status_code == 404
    assert client.get(f"/proofs/{proof.pk}/{proof.digest}.jpg").status_code == 404
    assert "1 more waits for somebody else" in page(client, "/console/review")


def test_an_administrator_says_who_a_colleague_is(desk, line):
    client, somebody = desk(), member("陈小雨")
    path = f"/console/staff/{client.user.pk}"
    client.post(f"{path}/member", {"member": somebody.pk})
    assert Colleague.objects.get().member_id == somebody.pk
    assert "陈小雨" in page(client, path)
    wrong = client.post(f"{path}/member", {"member": "nobody"}, follow=True)
    assert "Write a member&#x27;s number" in wrong.content.decode()
    unknown = client.post(f"{path}/member", {"member": "99999"}, follow=True)
    assert "no member with this number" in unknown.content.decode()
    client.post(f"{path}/member", {"member": ""})
    assert not Colleague.objects.exists()


def test_a_re_audit_looks_like_a_first_look_to_who_has_not_looked(desk, at, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    line = open_line(ALWAYS_AGAIN)
    one, other = passing(line, 2)
    proof, fresh = send(line, one), send(line, other)  # the same picture
    first, second = desk("middle"), desk("middle")
    first.post(address(proof), YES)
    for path in (address(proof), address(fresh), "/console/review"):
        seen = page(second, path)
        for told in ("re-audit", "tag-good", first.user.name):
            assert told not in seen, (path, told)
        assert ">approved<" not in seen
    assert page(second, "/console/review", state="decided").count("tag-good") == 0
    assert "tag-good" in page(first, address(proof))
    second.post(address(proof), NO | {"look": "again", "why": "not_own"})
    assert task_of(line, one).done_at is None
    assert first.user.name in page(second, address(proof))


def test_the_chosen_region_goes_along(desk, line):
    one, other = passing(line, 2)
    first, second = send(line, one), send(line, other, "blue")
    search = f"?region={line.region_id}"
    client = desk()
    assert f"{address(second)}{search}" in page(client, address(first) + search)
    answer = client.post(address(first) + search, YES)
    assert answer["Location"] == f"{address(second)}{search}"


def test_the_journal_tells_who_decided_and_why(desk, line):
    (one,) = passing(line)
    proof, client = send(line, one), desk()
    client.post(address(proof), NO | {"why": "unreadable"})
    story = page(client, f"/console/lines/{line.pk}/journal", topic="tasks")
    assert "handed in a picture for «三句使用感受»" in story
    assert "It cannot be made out" in story


def test_what_was_erased_can_still_be_read(desk, line):
    (one,) = passing(line)
    proof, client = send(line, one), desk()
    approve(proof, desk("middle").user)
    proofs.erase(SYSTEM, [one])
    assert "The picture was erased" in page(client, address(proof))
