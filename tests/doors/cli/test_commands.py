import re

import pytest
from click.testing import CliRunner, Result
from django.db import OperationalError
from django.test import Client

from loop28.back.people import actions as people
from loop28.back.people import queries
from loop28.back.people.models import User
from loop28.doors.cli import commands, main, serving
from loop28.front.referrals.models import Fan
from loop28.insight import audit
from loop28.kernel import clock
from loop28.kernel.access import SYSTEM
from tests.factories import member, region, staff

pytestmark = pytest.mark.django_db


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(main.commands(), arguments)


def _follow(link: str) -> int:
    return Client().get(link.strip().removeprefix("http://localhost:8028")).status_code


def test_a_member_of_staff_is_added_and_comes_in_by_the_printed_link() -> None:
    east = region("HD")
    result = _run(
        "staff", "add", "wang", "--name", "王磊", "--role", "region_manager", "--region", "hd"
    )
    assert result.exit_code == 0
    assert User.objects.get(username="wang").region == east
    assert _follow(result.stdout) == 302


def test_a_new_link_lets_in_who_lost_the_password() -> None:
    result = _run("staff", "link", staff().username)
    assert result.exit_code == 0
    assert _follow(result.stdout) == 302
    assert _follow(result.stdout) == 410


def test_who_ends_gets_no_more_links() -> None:
    name = staff().username
    assert _run("staff", "end", name).exit_code == 0
    assert _run("staff", "link", name).exit_code == 1


def test_a_member_who_lost_the_way_in_gets_a_new_link_and_old_ones_end() -> None:
    number = str(member().pk)
    link = _run("member", "link", number).stdout
    assert _follow(link) == 302
    assert _run("member", "end-links", number).exit_code == 0
    assert _follow(link) == 410
    assert _run("member", "link", "999999").exit_code == 1
    assert _run("member", "end-links", "999999").exit_code == 1
    assert _run("member", "link", "9" * 30).exit_code == 2


def test_visitors_are_counted_before_they_are_forgotten() -> None:
    Fan.objects.create(code=1, met_at=clock.now())
    counted = re.compile(r"^ +1  visitors: .*\n(.*\n)*Nothing was thrown away\.$", re.M)
    assert counted.search(_run("retain", "--dry-run").stdout)
    assert Fan.objects.filter(code=1).exists()
    thrown = re.compile(r"^ +1  visitors: .*\n(.*\n)*These were thrown away\.$", re.M)
    assert thrown.search(_run("retain").stdout)
    assert not Fan.objects.filter(code=1).exists()


def test_a_key_is_printed_once_and_revoked_by_its_name() -> None:
    key = _run("key", "make", "微店").stdout.strip()
    assert queries.machine(key)
    assert _run("key", "make", "微店").exit_code == 1
    assert _run("key", "revoke", "微店").exit_code == 0
    assert queries.machine(key) is None


@pytest.mark.parametrize(
    "arguments",
    [
        ["staff", "link", "nobody"],
        ["staff", "link", "\udcff"],
        ["staff", "add", "王", "--name", "王", "--role", "finance"],
        ["staff", "add", "wang", "--name", "\u200b", "--role", "finance"],
        ["staff", "add", "wang", "--name", "长" * 10_000, "--role", "finance"],
        ["staff", "add", "wang", "--name", "王", "--role", "region_manager"],
        ["staff", "add", "wang", "--name", "王", "--role", "region_manager", "--region", "QQ"],
        ["key", "make", ""],
        ["key", "revoke", "\udcff"],
    ],
)
def test_what_is_refused_is_said_in_one_english_line(arguments: list[str]) -> None:
    result = _run(*arguments)
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: ")
    assert result.stderr.count("\n") == 1
    assert result.stderr.isascii() or "–" in result.stderr
    assert not User.objects.filter(username="wang").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["staff", "add", "wang"],
        ["staff", "add", "wang", "--name", "王", "--role", "king"],
        ["serve", "--port", "0"],
        ["serve", "--port", "x"],
        ["audit", "--nonsense"],
    ],
)
def test_a_command_used_wrongly_ends_with_2(arguments: list[str]) -> None:
    assert _run(*arguments).exit_code == 2


def test_clean_books_end_with_0_and_every_difference_is_named_and_ends_with_1(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert _run("audit").exit_code == 0
    monkeypatch.setattr(audit, "differences", lambda: ["wallet of 7: 5 too much", "…"])
    result = _run("audit")
    assert (result.exit_code, result.stdout.splitlines()) == (1, ["wallet of 7: 5 too much", "…"])


def test_a_database_that_is_away_is_said_plainly_and_a_bug_is_not_hidden(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: object) -> None:
        raise OperationalError("no route")

    monkeypatch.setattr(people, "make_key", fail)
    result = _run("key", "make", "x")
    assert isinstance(result.exception, OperationalError)
    monkeypatch.setattr(commands, "tables", fail)
    result = _run("key", "make", "x")
    assert (result.exit_code, "cannot be reached" in result.stderr) == (1, True)


def test_every_command_takes_the_database_and_the_address_is_found_wherever_it_stands() -> None:
    for arguments in (["audit"], ["staff", "add"], ["serve"], ["playbook", "publish"]):
        assert "--db" in _run(*arguments, "--help").output
    assert main._database(["audit", "--db", "sqlite:///x"]) == "sqlite:///x"
    assert main._database(["--db=sqlite:///x", "audit"]) == "sqlite:///x"
    assert main._database(["audit", "--db"]) is None
    assert main._database(["audit"]) is None


def test_regions_are_there_once_however_often_an_installation_is_prepared() -> None:
    people.install_regions(SYSTEM)
    serving.prepare()
    serving.prepare()
    assert queries.regions(SYSTEM).count() == 6
    assert [user.username for user in queries.staff(SYSTEM)] == ["admin"]
