"""People come in with a file: once each, without a word in their name."""

from uuid import NAMESPACE_OID, uuid5

import pytest

from loop28.back.people import files, places
from loop28.back.people import refusals as staff_refusals
from loop28.kernel import journal, tables
from loop28.kernel.access import SYSTEM, Actor, NotAllowed, Role
from loop28.kernel.journal.models import Entry
from loop28.kernel.tables import Row, State
from loop28.kernel.text import TextMissing, TextTooLong
from loop28.middle.members import actions, importing, queries, refusals
from loop28.middle.members.models import Identity, Member
from tests.factories import city, region, staff
from tests.races import together

pytestmark = pytest.mark.django_db


def rows(*cells):
    names = tuple(importing.COLUMNS)
    return [
        Row(line, dict(zip(names, (*row, "", "", "")[:4], strict=True)))
        for line, row in enumerate(cells, 2)
    ]


def states(outcomes):
    return [outcome.state for outcome in outcomes]


def test_a_person_comes_in_with_city_and_tags():
    there = city("杭州")
    (outcome,) = importing.take_in(SYSTEM, rows(("A-1", " 陈思远 ", "杭州", "宝妈、团购;宝妈")))
    member = Member.objects.get(pk=outcome.number)
    assert outcome.state is State.NEW
    assert (member.name, member.city_id, member.spelled) == ("陈思远", there.pk, "陈思远")
    assert {tag.word for tag in queries.tags_of([member.pk])[member.pk]} == {"宝妈", "团购"}
    assert list(queries.search(SYSTEM, "A-1")) == [member]


def test_nobody_is_made_to_agree_or_of_age_by_a_file():
    (outcome,) = importing.take_in(SYSTEM, rows(("A-1", "陈思远")))
    assert queries.consenting([outcome.number]) == set()
    assert not queries.is_adult(outcome.number)
    actions.give_consent(Actor(Role.MEMBER, outcome.number), outcome.number)
    assert queries.consenting([outcome.number]) == {outcome.number}
    assert queries.is_adult(outcome.number)


def test_the_same_file_again_changes_nothing():
    region("HD")
    file = rows(("A-1", "陈思远", "杭州", "宝妈"), ("A-2", "王芳"))
    assert states(importing.take_in(SYSTEM, file)) == [State.NEW, State.NEW]
    before = Entry.objects.count()
    assert states(importing.take_in(SYSTEM, file)) == [State.KNOWN, State.KNOWN]
    assert Member.objects.count() == Identity.objects.count() == 2
    assert Entry.objects.count() == before


def test_no_key_that_was_sent_before_the_file_is_the_key_of_a_row_in_it():
    guesses = [uuid5(NAMESPACE_OID, f"loop28:{origin}:A-1") for origin in ("file", "import")]
    quick = {
        actions.register(SYSTEM, "贼", adult=True, consent=True, key=guess).pk for guess in guesses
    }
    (outcome,) = importing.take_in(SYSTEM, rows(("A-1", "陈思远")))
    assert outcome.state is State.NEW
    assert outcome.number not in quick


def test_who_came_in_while_keys_were_made_otherwise_is_still_known():
    (outcome,) = importing.take_in(SYSTEM, rows(("A-1", "陈思远")))
    Member.objects.update(key=uuid5(NAMESPACE_OID, "loop28:import:A-1"))
    assert states(importing.take_in(SYSTEM, rows(("A-1", "陈思远")))) == [State.KNOWN]
    assert importing.imported(["A-1"]) == {"A-1": outcome.number}
    assert Member.objects.count() == 1


def test_what_a_row_says_otherwise_is_changed_and_an_empty_cell_says_nothing():
    region("HD")
    importing.take_in(SYSTEM, rows(("A-1", "陈思远", "杭州"), ("A-2", "王芳", "杭州")))
    changed = importing.take_in(SYSTEM, rows(("A-1", "陈思源", "苏州"), ("A-2", "王芳")))
    assert states(changed) == [State.CHANGED, State.KNOWN]
    one, two = Member.objects.order_by("id")
    assert (one.name, one.spelled, one.city.name) == ("陈思源", "陈思源", "苏州")
    assert two.city.name == "杭州"
    kinds = Entry.objects.order_by("id").values_list("kind", flat=True)
    assert list(kinds)[-2:] == ["MemberRenamed", "MemberMoved"]


@pytest.mark.parametrize(
    ("row", "no", "field"),
    [
        (("", "陈思远"), TextMissing, "id"),
        (("1.23E+17", "陈思远"), tables.NumberShortened, "id"),
        (("A-1", "\u200b"), TextMissing, "name"),
        (("A-1", "长" * 41), TextTooLong, "name"),
        (("A-1", "陈思远", "亚特兰蒂斯"), refusals.CityUnknown, "city"),
        (("A-1", "陈思远", "", "字" * 21), TextTooLong, "tags"),
        (("A-1", "陈思远", "", ",".join("一二三四五六七八九十甲")), refusals.TooManyTags, "tags"),
    ],
)
def test_a_row_that_is_wrong_names_its_cell_and_the_others_come_in(row, no, field):
    bad, good = importing.take_in(SYSTEM, rows(row, ("B-1", "王芳")))
    assert (type(bad.refusal), bad.refusal.field) == (no, field)
    assert (bad.line, good.state) == (2, State.NEW)
    assert Member.objects.count() == 1


def test_one_person_in_two_rows_comes_in_by_the_first():
    first, second = importing.take_in(SYSTEM, rows(("A-1", "陈思远"), (" A-1", "王芳")))
    assert (first.state, second.state) == (State.NEW, State.REFUSED)
    assert type(second.refusal) is staff_refusals.RowTwice
    assert "2" in str(second.refusal)


def test_a_dry_run_says_the_same_and_leaves_nothing():
    region("HD")
    file = rows(("A-1", "陈思远", "杭州", "宝妈"), ("", "王芳"))
    tried = journal.undone(importing.take_in, SYSTEM, file)
    assert states(tried) == [State.NEW, State.REFUSED]
    assert not Member.objects.exists()
    assert not Entry.objects.exists()
    assert states(importing.take_in(SYSTEM, file)) == states(tried)


def test_a_thousand_rows_cost_as_many_statements_as_one(django_assert_max_num_queries):
    region("HD")
    file = rows(*[(f"A-{n}", f"新人{n}", "杭州", "宝妈") for n in range(1000)])
    with django_assert_max_num_queries(25):
        importing.take_in(SYSTEM, file)
    with django_assert_max_num_queries(25):
        importing.take_in(SYSTEM, file)


@pytest.mark.parametrize("role", [Role.MIDDLE, Role.FINANCE, Role.AUDITOR])
def test_only_administrators_import(role):
    actor = staff(role).actor
    with pytest.raises(NotAllowed):
        importing.take_in(actor, [])
    with pytest.raises(NotAllowed):
        files.keep(actor, "members", "a.csv", b"x")


@pytest.mark.django_db(transaction=True)
def test_two_files_with_the_same_people_at_once_make_each_once():
    answers = together(*[lambda: importing.take_in(SYSTEM, rows(("A-1", "陈思远")))] * 2)
    numbers = {outcome.number for (outcome,) in answers}
    assert len(numbers) == 1
    assert Member.objects.count() == Identity.objects.count() == 1
    assert Entry.objects.filter(kind="MemberImported").count() == 1


def test_a_new_city_is_there_for_the_next_file():
    east = region("HD")
    places.add_city(SYSTEM, east.pk, "嘉兴", 3)
    (outcome,) = importing.take_in(SYSTEM, rows(("A-1", "陈思远", "嘉兴")))
    assert outcome.state is State.NEW
