"""Staff come in with a file by their usernames; a file is taken in once, just as it was seen."""

from datetime import timedelta

import pytest

from loop28.back.people import actions, files, importing, refusals
from loop28.back.people.models import ImportFile, User
from loop28.kernel import clock
from loop28.kernel.access import SYSTEM, Role
from loop28.kernel.tables import FileTooLarge, Outcome, Row, State
from tests.factories import region, staff
from tests.races import together

pytestmark = pytest.mark.django_db


def take_in(*cells, actor=SYSTEM):
    names = tuple(importing.COLUMNS)
    rows = [Row(n, dict(zip(names, row, strict=True))) for n, row in enumerate(cells, 2)]
    return importing.take_in(actor, rows)


def test_colleagues_come_in_with_their_role_and_region_however_it_is_written():
    east = region("HD")
    outcomes = take_in(
        ("Li.Na", "李娜", "大区经理", "华东"),
        ("wang", "王芳", "Region manager", "hd"),
        ("zhao", "赵磊", "auditor", ""),
    )
    assert [outcome.state for outcome in outcomes] == [State.NEW] * 3
    people = User.objects.order_by("username").values_list("username", "role", "region")
    assert list(people) == [
        ("li.na", "region_manager", east.pk),
        ("wang", "region_manager", east.pk),
        ("zhao", "auditor", None),
    ]
    assert not User.objects.get(username="zhao").has_usable_password()


def test_the_same_again_is_known_and_another_role_is_a_change():
    take_in(("li.na", "李娜", "finance", ""))
    (again,) = take_in(("li.na", "李娜", "finance", ""))
    (changed,) = take_in(("LI.NA", "李娜", "auditor", ""))
    assert (again.state, changed.state) == (State.KNOWN, State.CHANGED)
    assert User.objects.get().role == "auditor"


@pytest.mark.parametrize(
    ("row", "no", "field"),
    [
        (("李娜", "李娜", "finance", ""), refusals.UsernameWrong, "username"),
        (("li.na", "李娜", "king", ""), refusals.RoleWrong, "role"),
        (("li.na", "李娜", "finance", "华东"), refusals.RegionOfManagerOnly, "region"),
        (("li.na", "李娜", "region manager", ""), refusals.RegionOfManagerOnly, "region"),
        (("li.na", "李娜", "region manager", "火星"), refusals.UnknownRegion, "region"),
    ],
)
def test_a_row_that_is_wrong_names_its_cell_and_the_others_come_in(row, no, field):
    region("HD")
    bad, good = take_in(row, ("wang", "王芳", "finance", ""))
    assert (type(bad.refusal), bad.refusal.field) == (no, field)
    assert good.state is State.NEW


def test_nobody_comes_back_or_stands_twice_by_a_file():
    gone = staff(Role.FINANCE)
    actions.end_staff(SYSTEM, gone.username)
    ended, first, twice = take_in(
        (gone.username, "李娜", "finance", ""),
        ("wang", "王芳", "finance", ""),
        ("WANG", "王芳", "auditor", ""),
    )
    assert type(ended.refusal) is refusals.AccessEnded
    assert (first.state, type(twice.refusal)) == (State.NEW, refusals.RowTwice)


def test_a_file_does_not_take_the_last_administrator_away():
    boss = staff()
    (outcome,) = take_in((boss.username, boss.name, "auditor", ""), actor=boss.actor)
    assert type(outcome.refusal) is refusals.LastAdministrator


class TestFiles:
    def test_a_file_is_taken_in_once_and_forgotten(self):
        file = files.keep(SYSTEM, "staff", "名单.xlsx", b"data")
        opened = files.opened(SYSTEM, file.pk)
        files.close(SYSTEM, opened, [Outcome(2, State.NEW), Outcome(3, State.REFUSED)])
        file.refresh_from_db()
        assert bytes(file.data) == b""
        assert file.counts == {"new": 1, "changed": 0, "known": 0, "refused": 1}
        with pytest.raises(refusals.FileDone):
            files.opened(SYSTEM, file.pk)

    def test_what_nobody_takes_in_is_thrown_away_after_a_day(self):
        file = files.keep(SYSTEM, "staff", "a.csv", b"data")
        ImportFile.objects.update(at=clock.now() - timedelta(hours=25))
        files.keep(SYSTEM, "staff", "b.csv", b"data")
        with pytest.raises(refusals.FileForgotten):
            files.opened(SYSTEM, file.pk)

    def test_a_file_beyond_the_limit_is_not_kept(self):
        with pytest.raises(FileTooLarge):
            files.keep(SYSTEM, "staff", "a.csv", b"x" * 5_000_001)

    @pytest.mark.django_db(transaction=True)
    def test_of_two_who_take_a_file_in_at_once_one_does(self):
        from loop28.kernel import journal

        file = files.keep(SYSTEM, "staff", "a.csv", b"data")

        @journal.action
        def take(actor):
            files.close(actor, files.opened(actor, file.pk), [])

        answers = together(*[lambda: take(SYSTEM)] * 2)
        assert sorted(map(str, map(type, answers))) == sorted(
            map(str, (type(None), refusals.FileDone))
        )
