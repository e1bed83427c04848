"""What every chat adapter must do, whichever platform is behind it."""

import pytest
from django.conf import settings

from loop28.front.groups import actions, queries
from loop28.front.groups.chat import Outbound, platform
from loop28.front.groups.models import Message
from loop28.kernel.access import SYSTEM
from tests.line_kit import local, people, region

pytestmark = pytest.mark.django_db(transaction=True)
NOON = local(1, 12)


@pytest.fixture(params=sorted(settings.CHAT))
def chat(request):
    return platform(request.param)


@pytest.fixture
def group():
    (host,) = people(1, "店主")
    return actions.open_group(
        SYSTEM, name="群", host=host, region=region().pk, zone="Asia/Shanghai"
    )


def messages(group, *texts, key="k"):
    return [Outbound(f"{key}{n}", group.pk, text, NOON) for n, text in enumerate(texts)]


def said():
    return list(Message.objects.order_by("id").values_list("text", flat=True))


def test_a_batch_is_shown_in_its_order(chat, group):
    chat.send(messages(group, "一", "二", "三"))
    assert said() == ["一", "二", "三"]


def test_the_same_key_is_one_message_however_often_it_is_sent(chat, group):
    batch = messages(group, "一", "二")
    chat.send(batch)
    chat.send([*batch, *messages(group, "三", key="n")])
    assert said() == ["一", "二", "三"]


def test_odd_texts_arrive_as_they_were(chat, group):
    odd = ["👩‍👧‍👦 全角１２３", "مرحبا", "<b>&amp;", "字" * 10_000, "a\nb"]
    chat.send(messages(group, *odd))
    assert said() == odd


def test_a_thousand_are_one_batch(chat, group):
    chat.send(messages(group, *map(str, range(1000))))
    assert len(said()) == 1000


def test_what_a_message_carries_and_who_speaks_is_kept(chat, group):
    chat.send([Outbound("p", group.pk, "红包", NOON, as_host=True, kind="packet", ref=7)])
    (message,) = queries.messages(SYSTEM, group.pk)
    assert (message.kind, message.ref, message.as_host, message.at) == ("packet", 7, True, NOON)
