"""What every chat adapter must do; a new one passes this before it is bound in the settings."""

from datetime import UTC, datetime

import pytest
from django.conf import settings

from loop28.front.groups import actions as groups
from loop28.front.groups import outbox, sending
from loop28.front.groups.chat import Outbound, platform
from loop28.front.groups.models import Group, MessageKind, Outgoing
from loop28.kernel.access import SYSTEM
from tests import factories
from tests.contracts.chats import WINDOWS, Shown
from tests.hold.kit import undelivered
from tests.odd_text import ODD_TEXTS

pytestmark = pytest.mark.django_db(transaction=True)
NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)


@pytest.fixture(params=sorted(settings.CHAT))
def name(request):
    return request.param


@pytest.fixture
def chat(name):
    return platform(name)


@pytest.fixture
def window(name):
    assert name in WINDOWS, f"say in tests/contracts/chats.py how to look at {name}"
    return WINDOWS[name]


@pytest.fixture
def here(name):
    """Two groups on this platform."""
    place, host = factories.region(), factories.member().pk
    pair = []
    for number in range(2):
        group = groups.open_group(
            SYSTEM, name=f"群{number}", host=host, region=place.pk, zone=place.zone
        )
        Group.objects.filter(id=group.pk).update(platform=name)
        pair.append(group.pk)
    return pair


def outbound(group, number, text="大家好", **more):
    return Outbound(key=f"m{number}", group=group, text=text, planned_at=NOON, **more)


def test_a_batch_is_shown_in_order_in_each_group(chat, window, here):
    batch = [outbound(here[n % 2], n, text=f"第{n}条") for n in range(20)]
    chat.send(batch)
    for group in here:
        shown = [said.text for said in window.shown() if said.group == group]
        assert shown == [message.text for message in batch if message.group == group]


def test_one_batch_after_another_is_shown_in_that_order(chat, window, here):
    for number in range(5):
        chat.send([outbound(here[0], number, text=str(number))])
    assert [said.text for said in window.shown()] == list("01234")


def test_the_same_key_again_is_not_shown_twice(chat, window, here):
    first, second = outbound(here[0], 1, text="一"), outbound(here[0], 2, text="二")
    chat.send([first])
    chat.send([first, second])
    chat.send([second, first])
    chat.send([first, first])
    assert [said.text for said in window.shown()] == ["一", "二"]


def test_every_kind_of_message_says_what_it_is_and_who_speaks(chat, window, here):
    kinds = [(kind, as_host) for kind in MessageKind.values for as_host in (True, False)]
    chat.send([outbound(here[0], n, kind=k, as_host=h, ref=n) for n, (k, h) in enumerate(kinds)])
    assert window.shown() == [Shown(here[0], "大家好", k, h, n) for n, (k, h) in enumerate(kinds)]


def test_odd_text_survives(chat, window, here):
    odd = [text for text in ODD_TEXTS.values() if text.isprintable() and text]
    chat.send([outbound(here[0], n, text=text) for n, text in enumerate(odd)])
    assert [said.text for said in window.shown()] == odd


def test_no_text_whatever_stops_the_batch(chat, window, here):
    batch = [outbound(here[0], n, text=text) for n, text in enumerate(ODD_TEXTS.values())]
    chat.send([*batch, outbound(here[0], "last", text="最后")])
    assert window.shown()[-1].text == "最后"
    assert len(window.shown()) == len(batch) + 1


def test_a_thousand_at_once(chat, window, here):
    batch = [outbound(here[n % 2], n, text=str(n)) for n in range(1000)]
    chat.send(batch)
    assert len(window.shown()) == 1000
    chat.send(batch[500:] + batch[:500])
    assert len(window.shown()) == 1000


def test_an_empty_batch_is_nothing(chat, window):
    chat.send([])
    assert window.shown() == []


def test_a_platform_that_fails_says_so_and_what_was_not_sent_can_be_sent_again(chat, window, here):
    batch = [outbound(here[0], n, text=str(n)) for n in range(3)]
    with window.broken(), pytest.raises(Exception):  # noqa: B017, PT011 - each fails in its own way
        chat.send(batch)
    assert len(window.shown()) < 3
    chat.send(batch)
    assert [said.text for said in window.shown()] == ["0", "1", "2"]


class TestTheOutbox:
    """The other side of the contract: what groups promise, whatever the adapter does."""

    def test_hands_everything_over_in_order_and_once(self, window, here):
        with undelivered():
            for n in range(30):
                groups.send(SYSTEM, [outbound(here[n % 2], n, text=str(n))])
        assert groups.deliver(SYSTEM) == 30
        assert groups.deliver(SYSTEM) == 0
        for number, group in enumerate(here):
            shown = [int(said.text) for said in window.shown() if said.group == group]
            assert shown == list(range(number, 30, 2))

    def test_keeps_what_a_failing_platform_did_not_take(
        self, name, chat, window, here, monkeypatch
    ):
        class Failing:
            def send(self, messages):
                raise ConnectionError

        with undelivered():
            groups.send(SYSTEM, [outbound(here[0], n, text=str(n)) for n in range(3)])
        monkeypatch.setattr(sending, "platform", lambda name: Failing())
        assert groups.deliver(SYSTEM) == 0
        assert Outgoing.objects.filter(sent_at=None).count() == 3
        monkeypatch.setattr(sending, "platform", lambda name: chat)
        outbox.try_all(SYSTEM)
        assert [said.text for said in window.shown()] == ["0", "1", "2"]

    def test_sends_again_under_the_same_keys_when_the_answer_was_lost(
        self, chat, window, here, monkeypatch
    ):
        """The platform took the batch, and we died before we could write that down."""

        class Lossy:
            def send(self, messages):
                taken.extend(messages)
                raise TimeoutError

        taken: list[Outbound] = []
        with undelivered():
            groups.send(SYSTEM, [outbound(here[0], n, text=str(n)) for n in range(3)])
        monkeypatch.setattr(sending, "platform", lambda name: Lossy())
        assert groups.deliver(SYSTEM) == 0
        chat.send(taken)
        monkeypatch.setattr(sending, "platform", lambda name: chat)
        outbox.try_all(SYSTEM)
        assert [said.text for said in window.shown()] == ["0", "1", "2"]
