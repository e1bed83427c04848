"""A picture on the phone: chosen, sent, seen, and what came of it."""

import io

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from loop28.front.evidence import queries
from loop28.front.evidence.models import Proof
from loop28.kernel import pictures
from loop28.kernel.access import Role
from loop28.middle.members import actions as members
from tests.factories import staff
from tests.front.evidence.kit import PAYS_MUCH, approve, file, open_line, passing, reject, task_of
from tests.front.tasks.kit import own
from tests.phones import phone, text_of

pytestmark = pytest.mark.django_db
GPS = 0x8825


@pytest.fixture
def line(at, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return open_line()


@pytest.fixture
def sender(line):
    return passing(line)[0]


def english(member):
    client = phone(member)
    client.cookies["django_language"] = "en"
    return client


def hand_in(client, line, member, raw, name="a.png"):
    address = reverse("task-proof", args=[task_of(line, member).pk])
    return client.post(address, {"picture": SimpleUploadedFile(name, raw)}, follow=True)


def address_of(proof):
    return reverse("proof-picture", args=[proof.pk, proof.digest])


def task_page(client, line, member):
    return text_of(client.get(reverse("task", args=[task_of(line, member).pk])))


def from_a_phone():
    """A photo with the place where it was taken."""
    exif = Image.Exif()
    exif.get_ifd(GPS).update({1: "N", 2: (30.0, 15.0, 9.0), 3: "E", 4: (120.0, 9.0, 27.0)})
    return file(kind="JPEG", exif=exif)


def test_a_member_sends_a_picture_sees_it_and_waits(line, sender):
    client = english(sender)
    assert "Send a picture that shows it" in task_page(client, line, sender)
    page = hand_in(client, line, sender, file())
    assert "Waiting for review" in text_of(page)
    proof = Proof.objects.get()
    assert address_of(proof) in page.content.decode()
    assert "Send a picture" not in text_of(page)
    assert "task-review" in client.get(reverse("today")).content.decode()
    assert "task-review" in client.get(reverse("path")).content.decode()


def test_place_and_time_are_gone_from_the_file(line, sender):
    raw = from_a_phone()
    assert Image.open(io.BytesIO(raw)).getexif().get_ifd(GPS)
    hand_in(english(sender), line, sender, raw, "a.jpg")
    with default_storage.open(Proof.objects.get().file) as kept:
        exif = Image.open(kept).getexif()
    assert not exif
    assert not exif.get_ifd(GPS)


def test_a_double_tap_is_one_picture(line, sender):
    client = english(sender)
    for _ in range(2):
        page = hand_in(client, line, sender, file())
    assert Proof.objects.count() == 1
    assert "error" not in page.content.decode()


@pytest.mark.parametrize(
    ("raw", "says"),
    [(b"%PDF-1.7", "is no photo"), (b"", "is no photo"), (file()[:60], "is no photo")],
)
def test_a_wrong_file_is_refused_with_its_name(line, sender, raw, says):
    page = text_of(hand_in(english(sender), line, sender, raw or b" ", "report.pdf"))
    assert says in page
    assert "report.pdf" in page
    assert not Proof.objects.exists()


def test_a_file_beyond_the_limit_is_refused(line, sender, monkeypatch):
    monkeypatch.setattr(pictures, "MEGABYTES", 0)
    assert "is too large" in text_of(hand_in(english(sender), line, sender, file()))
    assert not Proof.objects.exists()


def test_without_a_file_it_says_so(line, sender):
    address = reverse("task-proof", args=[task_of(line, sender).pk])
    assert "Choose a picture first" in text_of(english(sender).post(address, follow=True))


def test_turned_down_one_reads_why_and_sends_another(line, sender):
    client = english(sender)
    hand_in(client, line, sender, file())
    reject(Proof.objects.get(), staff(Role.REGION_MANAGER, line.region))
    page = task_page(client, line, sender)
    assert "Not accepted: It cannot be made out" in page
    assert "Send another picture by" in page
    assert "turned down. Take another" in text_of(hand_in(client, line, sender, file()))
    hand_in(client, line, sender, file("blue"))
    assert Proof.objects.filter(state="waiting").count() == 1


def test_approved_one_sees_the_reward(line, sender):
    client = english(sender)
    hand_in(client, line, sender, file())
    approve(Proof.objects.get(), staff())
    page = task_page(client, line, sender)
    assert "Your picture was approved" in page
    assert "Done" in page


def test_between_two_people_the_member_waits(at, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    line = open_line(PAYS_MUCH)
    (member,) = passing(line)
    client = english(member)
    hand_in(client, line, member, file())
    approve(Proof.objects.get(), staff())
    assert "Waiting for review" in task_page(client, line, member)


def test_only_the_sender_and_the_desk_get_the_file_and_no_proxy_keeps_it(line):
    one, other = passing(line, 2)
    hand_in(english(one), line, one, file())
    proof = Proof.objects.get()
    answer = phone(one).get(address_of(proof))
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert "private" in answer.headers["Cache-Control"]
    guess = reverse("proof-picture", args=[proof.pk, "0" * 64])
    assert phone(one).get(guess).status_code == 404
    for client in (phone(other), phone(line.host_id), Client()):
        assert client.get(address_of(proof)).status_code == 404


def test_the_task_of_somebody_else_takes_no_picture(line):
    one, other = passing(line, 2)
    assert hand_in(english(other), line, one, file()).status_code == 404
    assert not Proof.objects.exists()


def test_who_takes_consent_back_takes_the_picture_back(
    line, sender, django_capture_on_commit_callbacks
):
    hand_in(english(sender), line, sender, file())
    kept = Proof.objects.get().file
    with django_capture_on_commit_callbacks(execute=True):
        members.withdraw_consent(own(sender), sender)
    assert not default_storage.exists(kept)
    proof = Proof.objects.get()
    assert (proof.state, proof.look, proof.digest) == ("erased", "", "")
    assert not queries.queue(staff().actor)
