"""The fraud desk: what waits, decided with a reason; colours of chains; who may see and decide."""

import pytest
from django.conf import settings

from loop28.back.compliance import actions as compliance
from loop28.back.compliance.actions import Finding
from loop28.back.compliance.models import Freeze, Strength
from loop28.front.lines.models import Enrollment
from loop28.front.rewards import actions as rewards
from loop28.front.rewards.actions import Grant
from loop28.front.rewards.models import Entitlement
from loop28.front.watch import jobs
from loop28.kernel import clock
from loop28.kernel.access import SYSTEM, Actor, Role
from loop28.middle.members.models import Member
from loop28.ui.text import yuan
from tests.line_kit import live_until, local, people, seated
from tests.phones import phone, text_of

pytestmark = pytest.mark.django_db

NUMBERS = {"day": local(1, 12).toordinal(), "clicks": 90, "best": 7}


@pytest.fixture
def member(line):
    """Whose two rewards wait."""
    (one,) = seated(line, 1)
    compliance.freeze(SYSTEM, [Finding(one, "velocity", Strength.HOLD, NUMBERS)])
    grants = [Grant(f"t:{n}", line.pk, one, "money", 250, f"任务{n}") for n in range(2)]
    rewards.grant(SYSTEM, grants)
    return one


@pytest.fixture
def address(member):
    return f"/console/fraud/{Freeze.objects.get().pk}"


def page(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def states():
    return dict(Entitlement.objects.values_list("reference", "state"))


def english(member):
    client = phone(member)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def count(client):
    """The number beside the desk in the menu."""
    sections = [s for _storey, found in client.get("/console/").context["menu"] for s in found]
    return next(rest for label, _url, _here, *rest in sections if str(label) == "Compliance")


def test_an_empty_desk_says_when_work_comes(desk, line):
    client = desk("finance")
    assert "No case waits for a decision" in page(client, "/console/fraud")
    assert "The watch has not gone round yet" in page(client, "/console/fraud")
    assert "No chain has a colour" in page(client, "/console/structure")
    assert count(client) == [0]


def test_a_case_is_listed_with_its_figures_and_what_waits(desk, line, member):
    client = desk("finance")
    shown = page(client, "/console/fraud")
    assert Member.objects.get(pk=member).name in shown
    assert "Far more clicks than ever" in shown
    assert "90 clicks on" in shown
    assert yuan(500) in shown
    assert count(client) == [1]


def test_a_case_shows_the_rule_the_rewards_and_what_the_member_says(desk, line, member, address):
    compliance.speak(Actor(Role.MEMBER, member), Freeze.objects.get().pk, "我办了品鉴会")
    shown = page(desk("finance"), address)
    assert "more than 5 times their own best day" in shown
    assert "我办了品鉴会" in shown
    assert "任务0" in shown
    assert 'name="taken"' in shown


def test_released_all_of_it_comes(desk, line, member, address):
    client = desk("finance")
    answer = client.post(address, {"decision": "released", "reason": "线下活动", "taken": ["t:0"]})
    assert (answer.status_code, answer.url) == (302, "/console/fraud")
    rewards.release_due(SYSTEM)
    assert states() == {"t:0": "settled", "t:1": "settled"}
    assert "线下活动" in page(client, "/console/fraud?state=decided")


def test_upheld_only_what_is_ticked_is_taken_back(desk, line, member, address):
    client = desk("finance")
    client.post(address, {"decision": "upheld", "reason": "同一台手机", "taken": ["t:0"]})
    rewards.release_due(SYSTEM)
    assert states() == {"t:0": "void", "t:1": "settled"}
    assert "decided: upheld. 同一台手机" in page(client, f"/console/members/{member}")


def test_without_a_reason_the_form_comes_back_with_what_was_ticked(desk, member, address):
    answer = desk("finance").post(address, {"decision": "upheld", "reason": "", "taken": ["t:1"]})
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert shown.count('name="taken"') == 2
    assert shown.count('value="t:1" id') == 1
    assert shown.count("checked aria-label") == 1


def test_what_was_decided_meanwhile_is_said(desk, line, member, address):
    client = desk("finance")
    client.post(address, {"decision": "released", "reason": "没问题"})
    answer = client.post(address, {"decision": "upheld", "reason": "有问题"})
    assert answer.status_code == 422
    assert "decided already" in answer.content.decode()


def test_payouts_that_stay_frozen_can_be_released_later(desk, line):
    (one,) = people(1)
    numbers = {"levels": 3, "people": 31}
    compliance.freeze(SYSTEM, [Finding(one, "structure", Strength.PAYOUT, numbers)])
    client, address = desk("finance"), f"/console/fraud/{Freeze.objects.get().pk}"
    client.post(address, {"decision": "upheld", "reason": "三层了"})
    assert "31 people on 3 levels" in page(client, "/console/fraud?state=frozen")
    assert client.post(address, {"decision": "upheld", "reason": "三层了"}).status_code == 422
    client.post(address, {"decision": "released", "reason": "改了奖励"})
    assert Freeze.objects.get().ended_at


def test_an_auditor_reads_and_who_runs_lines_does_not(desk, line, member, address):
    assert 'name="decision"' not in page(desk("auditor"), address)
    answer = desk("auditor").post(address, {"decision": "released", "reason": "没问题"})
    assert answer.status_code == 403
    for role, region in (("region_manager", line.region), ("middle", None)):
        assert desk(role, region).get(address).status_code == 403


def test_chains_have_their_colours_on_their_page_and_in_the_tree(desk, line):
    top, middle, low = chain = [*seated(line, 1), *people(2)]
    for by, one in ((top, middle), (middle, low)):
        Enrollment.objects.create(
            line=line, member_id=one, inviter_id=by, state="waiting", asked_at=clock.now()
        )
    rewards.grant(
        SYSTEM, [Grant(f"i:{n}", line.pk, n, "money", 9, basis="invitation") for n in chain]
    )
    clock.move_to(local(2, 3, 1))
    jobs.watch(clock.now())
    client = desk("finance")
    listed = page(client, "/console/structure")
    assert (listed.count(">red<"), listed.count(">amber<")) == (1, 1)
    assert "The watch last went round on" in listed
    tree = page(desk("region_manager", line.region), f"/console/members/{top}/fans")
    assert (tree.count(">red<"), tree.count(">amber<")) == (1, 1)
    branch = page(client, f"/console/members/{middle}/fans/branch?level=2")
    assert Member.objects.get(pk=low).name in branch


def test_frozen_payouts_are_marked_and_not_counted_for_the_next_list(desk, line):
    (one,) = seated(line, 1)
    rewards.grant(SYSTEM, [Grant("t", line.pk, one, "money", 500)])
    asked = {"fen": "5", "payee": "张三", "payee_account": "6222 02", "key": "0" * 32}
    assert phone(one).post("/wallet/payout", asked).status_code == 302
    client = desk("finance")
    assert "Make a list of 1 payout" in page(client, "/console/payouts")
    numbers = {"levels": 3, "people": 31}
    compliance.freeze(SYSTEM, [Finding(one, "structure", Strength.PAYOUT, numbers)])
    shown = page(client, "/console/payouts")
    assert "Make a list" not in shown
    assert ">frozen<" in shown


class TestTheMembersSide:
    def test_the_wallet_says_it_is_looked_at_without_blame(self, line, member):
        me = english(member)
        wallet = text_of(me.get("/wallet"))
        assert "Nothing is lost" in wallet
        assert "kept for you while we take a look" in wallet
        told = text_of(me.get("/wallet/looked-at"))
        assert "a person takes a look" in told
        assert not any(word in told.lower() for word in ("fraud", "cheat", "suspic"))

    def test_one_says_something_and_reads_how_it_ended(self, desk, line, member, address):
        me, number = phone(member), Freeze.objects.get().pk
        me.post("/wallet/looked-at", {"freeze": str(number), "said": "我办了品鉴会"})
        assert Freeze.objects.get().said == "我办了品鉴会"
        desk("finance").post(address, {"decision": "released", "reason": "谢谢说明"})
        assert "谢谢说明" in text_of(me.get("/wallet/looked-at"))
        assert "taking a look" not in text_of(me.get("/wallet"))

    def test_what_is_taken_back_says_why(self, desk, line, member, address):
        me, reward = english(member), Entitlement.objects.get(reference="t:0")
        assert "We are taking a look" in text_of(me.get(f"/wallet/rewards/{reward.pk}"))
        taken = {"decision": "upheld", "reason": "同一台手机", "taken": ["t:0"]}
        desk("finance").post(address, taken)
        assert ": 同一台手机" in text_of(me.get("/wallet"))
        assert "同一台手机" in text_of(me.get(f"/wallet/rewards/{reward.pk}"))

    def test_nobody_speaks_for_somebody_else(self, line, member):
        (other,) = seated(line, 1)
        said = {"freeze": str(Freeze.objects.get().pk), "said": "是我"}
        assert phone(other).post("/wallet/looked-at", said).status_code == 404
        assert "Nothing is being looked at" in text_of(english(other).get("/wallet/looked-at"))


def test_a_line_lives_through_its_nights_with_the_watch(desk, line):
    """The worker comes round with everything else, and honest newcomers trip nothing."""
    seated(line, 3)
    live_until(local(4, 12))
    assert not Freeze.objects.exists()
    assert "The watch last went round" in page(desk(), "/console/fraud")
