"""What a person is told, on their phone, and their word that it shall stop."""

from loop28.front.groups import notices
from loop28.front.groups.notices import Told
from loop28.kernel.access import SYSTEM
from tests.line_kit import group, local, seated
from tests.phones import phone, text_of


def tell(line, member, *keys):
    notices.tell(SYSTEM, [Told(key, member, group(line), f"关于{key}") for key in keys])
    notices.deliver(SYSTEM)


def test_what_came_at_once_stands_together_and_is_unread_until_it_was_seen(line, at):
    me, other = seated(line, 2)
    at(local(1, 12))
    tell(line, me, "甲", "乙")
    client = phone(me)
    assert 'class="mark">2<' in text_of(client.get("/me"))
    page = text_of(client.get("/notices"))
    assert page.count("未读") == 1
    assert "关于甲" in page
    assert "关于乙" in page
    assert "未读" not in text_of(client.get("/notices"))
    assert 'class="mark">2<' not in text_of(client.get("/me"))
    assert "关于甲" not in text_of(phone(other).get("/notices"))


def test_they_can_be_stopped_and_let_come_again(line, at):
    (me,) = seated(line, 1)
    at(local(1, 12))
    client = phone(me)
    client.post("/notices", {"stop": "1"})
    assert "恢复接收" in text_of(client.get("/notices"))
    tell(line, me, "甲")
    client.post("/notices", {"resume": "1"})
    at(local(1, 12, 1))
    tell(line, me, "乙")
    page = text_of(client.get("/notices"))
    assert "关于甲" not in page
    assert "关于乙" in page
    client.post("/notices", {})
    assert "不再接收" in text_of(client.get("/notices"))
