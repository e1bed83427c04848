"""Playbooks are checked, published and read as a timeline."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from loop28.front.playbooks import actions
from loop28.front.playbooks.models import PlaybookVersion
from loop28.kernel.access import SYSTEM
from loop28.ui.text import yuan
from tests.line_kit import SMALL

pytestmark = pytest.mark.django_db
GOOD = SMALL.read_text()
BAD = GOOD.replace('total: "10.00"', "total: 10", 1).replace("language:", "lnaguage:")


def test_publishing_makes_a_version_and_shows_it(desk):
    response = desk().post("/console/playbooks/new", {"source": GOOD, "publish": "1"})
    version = PlaybookVersion.objects.get()
    assert response["Location"] == f"/console/playbooks/{version.pk}"
    assert version.source == GOOD


def test_checking_changes_nothing_and_says_what_a_line_costs(desk):
    response = desk().post("/console/playbooks/new", {"source": GOOD, "check": "1"})
    page = response.content.decode()
    assert response.status_code == 200
    assert "No mistake" in page
    assert "What a line costs" in page
    assert not PlaybookVersion.objects.exists()


@pytest.mark.parametrize("button", ["check", "publish"])
def test_mistakes_are_listed_with_line_and_cure_and_the_text_stays(desk, button):
    response = desk().post("/console/playbooks/new", {"source": BAD, button: "1"})
    page = response.content.decode()
    assert response.status_code == 422
    places = {remark.path: remark.line for remark in response.context["remarks"]}
    assert places["lnaguage"] == BAD.split("lnaguage")[0].count("\n") + 1
    assert places["beats[1].total"] == BAD.split("total: 10\n")[0].count("\n") + 1
    for remark in response.context["remarks"]:
        assert remark.cure
    assert response.context["form"]["source"].value() == BAD
    assert "lnaguage: zh-hans" in page
    assert not PlaybookVersion.objects.exists()


def test_a_file_goes_before_the_text_and_comes_back_as_text(desk):
    file = SimpleUploadedFile("p.yaml", BAD.encode())
    response = desk().post("/console/playbooks/new", {"file": file, "source": GOOD, "check": "1"})
    assert response.context["form"]["source"].value() == BAD


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00",
        b"{" * 5_000,
        b"a: &x [*x]",
        b"x" * 1_100_000,
        b"%PDF-1.4",
        "🧨: \u202e".encode(),
    ],
)
def test_a_file_that_is_no_playbook_is_answered_with_mistakes(desk, content):
    file = SimpleUploadedFile("p.yaml", content or b" ")
    response = desk().post("/console/playbooks/new", {"file": file, "publish": "1"})
    assert response.status_code == 422
    assert response.context["remarks"]


def test_a_new_version_begins_with_the_text_of_the_last(desk):
    version = actions.publish(SYSTEM, GOOD)
    response = desk().get(f"/console/playbooks/new?from={version.pk}")
    assert response.context["form"]["source"].value() == GOOD
    assert desk().get("/console/playbooks/new?from=９x").status_code == 200


def test_the_page_shows_every_day_with_talks_packets_tasks_and_call(desk):
    version = actions.publish(SYSTEM, GOOD)
    response = desk().get(f"/console/playbooks/{version.pk}")
    page = response.content.decode()
    assert [day.number for day in response.context["days"]] == [1, 2, 3, 4, 5]
    told = ("初次见面", "供销社站过柜台", "值，现在还在用", "打个卡", "在群里打个「1」")
    for words in (*told, yuan(1_000)):
        assert words in page
    assert page.count("the budget lasts") == 3


def test_the_source_is_given_as_it_was_published(desk):
    version = actions.publish(SYSTEM, GOOD)
    response = desk("auditor").get(f"/console/playbooks/{version.pk}/source")
    assert response.content.decode() == GOOD
    assert "attachment" in response["Content-Disposition"]


def test_there_is_no_page_of_a_version_that_is_none(desk):
    assert desk().get("/console/playbooks/987654").status_code == 404
