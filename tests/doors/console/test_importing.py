"""A file of people is looked at first and taken in then, once."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from loop28.back.people.models import User
from loop28.doors import gate
from loop28.front.ladder import pool
from loop28.kernel.access import SYSTEM
from loop28.middle.members import queries
from loop28.middle.members.models import Member
from tests.factories import region

pytestmark = pytest.mark.django_db


def upload(client, text, kind="members"):
    file = SimpleUploadedFile("名单.csv", text.encode("gb18030"))
    return client.post("/console/import", {"kind": kind, "file": file}, follow=True)


def test_the_dry_run_writes_nothing_and_the_real_one_does_what_it_said(desk):
    region("HD")
    client = desk()
    seen = upload(client, "编号,姓名,城市\nA-1,陈思远,杭州\nA-2,王芳,火星\n")
    assert [row.state for row, _, _ in seen.context["rows"]] == ["refused", "new"]
    assert "There is no city «火星»" in seen.content.decode()
    assert not Member.objects.exists()
    done = client.post(f"{seen.request['PATH_INFO']}/do")
    assert [row.state for row, _, _ in done.context["rows"]] == ["refused", "new"]
    assert [m.name for m in Member.objects.all()] == ["陈思远"]
    again = client.post(f"{seen.request['PATH_INFO']}/do")
    assert again.status_code == 409
    assert "taken in" in client.get("/console/import").content.decode()
    assert "1 new, 0 changed, 1 refused" in client.get("/console/journal").content.decode()


def test_owners_may_host_and_staff_may_sign_in_by_a_link(desk):
    client = desk()
    for text, kind in (
        ("编号,姓名,等级\nA-1,陈思远,店主\n", "owners"),
        ("用户名,姓名,角色\nli.na,李娜,财务\n", "staff"),
    ):
        client.post(f"{upload(client, text, kind).request['PATH_INFO']}/do")
    assert [host.name for host in pool.hosts(SYSTEM)] == ["陈思远"]
    assert User.objects.get(username="li.na").role == "finance"


@pytest.mark.parametrize("text", ["", "姓名\n陈思远\n", "x,y\n1,2\n"])
def test_a_file_that_cannot_be_read_is_refused_at_its_field(desk, text):
    response = upload(desk(), text)
    assert response.status_code == 422
    assert response.context["form"].errors
    assert not Member.objects.exists()


@pytest.mark.parametrize("kind", ["members", "owners", "staff"])
def test_the_template_can_be_filled_in_and_uploaded(desk, kind):
    region("HD")
    client = desk()
    for language in ("en", "zh-hans"):
        client.cookies["django_language"] = language
        template = client.get(f"/console/import/template/{kind}").content
        file = SimpleUploadedFile("t.csv", template)
        seen = client.post("/console/import", {"kind": kind, "file": file}, follow=True)
        assert [row.state for row, _, _ in seen.context["rows"]] == ["new"]
    assert client.get("/console/import/template/kings").status_code == 404


def test_who_came_in_with_a_file_is_asked_on_their_own_phone_and_declares_their_age(desk):
    client = desk()
    seen = upload(client, "编号,姓名\nA-1,陈思远\n")
    client.post(f"{seen.request['PATH_INFO']}/do")
    member = Member.objects.get()
    phone = Client()
    link = gate.personal_link(member.pk, "/wallet").partition("/m/")[2]
    asked = phone.get(f"/m/{link}", follow=True)
    assert asked.request["PATH_INFO"] == "/consent"
    then = phone.post("/consent", {"agree": "1", "next": asked.context["next"]})
    assert then["Location"] == "/wallet"
    assert queries.consenting([member.pk])
    assert queries.is_adult(member.pk)
    assert phone.get(f"/m/{link}")["Location"] == "/wallet"
