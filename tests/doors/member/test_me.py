from loop28.front.lines.models import Enrollment, Invitation, Line
from loop28.middle.members.models import Member
from tests.factories import member
from tests.front.tasks import kit
from tests.front.tasks.kit import own
from tests.line_kit import group, live_until, local, seated
from tests.phones import ODD_TEXTS, phone, text_of


def test_a_new_name_is_the_name(line: Line) -> None:
    (me,) = seated(line, 1)
    client = phone(me)
    assert client.post("/me", {"name": " 小满  了 "}).status_code == 302
    assert Member.objects.get(pk=me).name == "小满 了"
    assert client.post("/me", {"name": "\u200b"}).status_code == 422


def test_odd_names_are_taken_or_refused_at_the_field(line: Line) -> None:
    (me,) = seated(line, 1)
    client = phone(me)
    for text in ODD_TEXTS:
        assert client.post("/me", {"name": text}).status_code in {302, 422}, text


def test_the_personal_link_opens_the_same_person_on_another_phone(line: Line) -> None:
    (me,) = seated(line, 1)
    page = text_of(phone(me).get("/me"))
    assert "http://localhost:8028/m/" in page
    assert '<svg class="qr"' in page


def test_ending_links_signs_out_every_phone_but_this(line: Line) -> None:
    (me,) = seated(line, 1)
    here, elsewhere = phone(me), phone(me)
    here.post("/me/end-links")
    assert here.get("/me").status_code == 200
    assert elsewhere.get("/me").status_code == 403


def test_the_way_to_a_level_says_how_far_it_is(line: Line) -> None:
    (me,) = kit.passing(line, 1)
    kit.check_in(own(me), line.pk)
    page = text_of(phone(me).get("/me/level"))
    assert "1 / 3" in page
    assert "0 / 1" in page


def test_leaving_takes_one_out_of_the_line_and_its_group(line: Line) -> None:
    (me,) = seated(line, 1)
    client = phone(me)
    assert client.post(f"/line/{line.pk}/leave").status_code == 302
    assert Enrollment.objects.get(line=line, member=me).state == "left"
    assert client.get(f"/group/{group(line)}").status_code == 404
    assert client.post(f"/line/{line.pk}/leave").status_code == 404


def test_a_line_is_left_only_by_oneself(line: Line) -> None:
    seated(line, 1)
    for number in (line.pk, 999_999_999, 9 * 10**17):
        assert phone(member().pk).post(f"/line/{number}/leave").status_code == 404


def test_a_certificate_is_only_for_who_has_finished(line: Line) -> None:
    (me,) = seated(line, 1)
    live_until(local(3, 9))
    assert phone(me).get(f"/certificate/{line.pk}").status_code == 404
    assert phone(me).get("/certificate/999999999999999999").status_code == 404
    assert phone(line.host_id).get(f"/certificate/{line.pk}").status_code == 404


def test_an_owner_with_an_invitation_sees_link_and_how_many_came(line: Line) -> None:
    seated(line, 3)
    owner = member()
    mine = Invitation.objects.create(line=line, inviter=owner)
    client = phone(owner.pk)
    page = text_of(client.get("/invite"))
    assert "/j/" in page
    assert f"link-{mine.pk}" in page
    assert "已有 0 人从这里进来" in page
    assert "已有 3 人从这里进来" in text_of(phone(line.host_id).get("/invite"))
    assert "/invite" in text_of(client.get("/today"))
    assert "你现在没有邀请" in text_of(phone(member().pk).get("/invite"))
