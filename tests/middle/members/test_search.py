"""People are found however their name is typed, by number, id, city and tag."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loop28.kernel.access import SYSTEM, Actor, NotAllowed, Role
from loop28.kernel.journal.models import Entry
from loop28.middle.members import actions, queries, refusals, rules, tags
from loop28.middle.members.models import Tag
from tests.factories import city, member, staff
from tests.races import together

NAMES = st.text(st.sampled_from("陈思远王芳李娜张伟abc"), min_size=1, max_size=14)


KINDS = ("miss", "add", "swap", "mistake")


def slipped(name, place, slip):
    at = place % max(len(name), 1)
    return {
        "miss": name[:at] + name[at + 1 :],
        "add": name[:at] + "乙" + name[at:],
        "swap": name[:at] + name[at : at + 2][::-1] + name[at + 2 :],
        "mistake": name[:at] + "乙" + name[at + 1 :],
    }[slip]


class TestRules:
    @pytest.mark.parametrize("length", range(3, 13))
    def test_whatever_is_forgiven_leaves_one_of_its_traces(self, length):
        name = "陈思远王芳李娜张伟小满周"[:length]
        for slips in product(product(range(length), KINDS), repeat=rules.forgiven(name)):
            typed = name
            for place, slip in slips:
                typed = slipped(typed, place, slip)
            if rules.distance(typed, name) <= rules.forgiven(typed):
                assert any(all(part in name for part in trace) for trace in rules.traces(typed))

    @given(NAMES, st.integers(0, 13), st.sampled_from(KINDS))
    def test_one_slip_is_one_apart(self, name, place, slip):
        typed = slipped(name, place, slip)
        assert rules.distance(name, typed) == (name != typed)

    @given(NAMES, NAMES)
    def test_the_way_there_is_as_long_as_the_way_back(self, one, other):
        assert rules.distance(one, other) == rules.distance(other, one)

    def test_two_characters_are_taken_as_they_are(self):
        assert rules.forgiven("王芳") == 0
        assert rules.forgiven("陈思远") == 1
        assert rules.forgiven("zhangweiming") == 2


@pytest.mark.django_db
class TestSearch:
    def test_case_width_and_spaces_do_not_matter(self):
        found = member("Ｌｉ Na 李娜")
        for typed in ("li na", "LINA", "ｌｉｎａ李", " 李 娜 "):
            assert list(queries.search(SYSTEM, typed)) == [found]

    @pytest.mark.parametrize(
        "typed", ["陈思源", "陈斯远", "程思远", "思陈远", "陈思远远", "陈远思"]
    )
    def test_one_slip_is_forgiven(self, typed):
        near, _far = member("陈思远"), member("王晓明")
        assert not queries.search(SYSTEM, typed).exists()
        assert queries.alike(SYSTEM, typed) == [near]

    def test_the_nearest_comes_first(self):
        farther, nearer = member("zhangweimin12"), member("zhangweiming1")
        assert queries.alike(SYSTEM, "zhangweiming2") == [nearer, farther]

    def test_a_name_is_found_under_its_new_spelling(self):
        person = member("陈思远")
        actions.rename(SYSTEM, person.pk, "林小满")
        assert list(queries.search(SYSTEM, "林小满")) == [person]
        assert not queries.search(SYSTEM, "陈思远").exists()

    def test_by_city_by_id_elsewhere_and_by_tag(self):
        person, _other = member("陈思远", city("杭州")), member("王晓明", city("苏州"))
        actions.identify(SYSTEM, person.pk, "import", "A-17")
        tags.tag(SYSTEM, person.pk, "宝妈")
        for typed in ("杭州", "A-17", "宝妈", str(person.pk)):
            assert person in queries.search(SYSTEM, typed)
            assert len(queries.search(SYSTEM, typed)) == 1

    def test_signs_of_the_database_are_signs(self):
        member("陈思远")
        for typed in ("%", "_", "\\", "陈%", "a_c"):
            assert not queries.search(SYSTEM, typed).exists()


@pytest.mark.django_db
class TestTags:
    def test_words_that_differ_in_case_or_width_are_one_tag(self):
        one, other = member(), member()
        tags.tag(SYSTEM, one.pk, "VIP 客户")
        tags.tag(SYSTEM, other.pk, "ｖｉｐ客户")
        ((tag, people),) = queries.tags(SYSTEM)
        assert (tag.word, people) == ("VIP 客户", 2)

    def test_twice_is_once_and_is_recorded_once(self):
        one = member()
        for _ in range(2):
            tags.tag(SYSTEM, one.pk, "宝妈")
        (tag,) = queries.tags_of([one.pk])[one.pk]
        for _ in range(2):
            tags.untag(SYSTEM, one.pk, tag.pk)
        assert queries.tags_of([one.pk]) == {}
        kinds = Entry.objects.filter(kind__contains="agged").values_list("kind", flat=True)
        assert list(kinds.order_by("id")) == ["MemberTagged", "MemberUntagged"]

    def test_only_staff_for_members_tag(self):
        one = member()
        for actor in (staff(Role.AUDITOR).actor, staff(Role.FINANCE).actor, Actor(Role.MEMBER, 1)):
            with pytest.raises(NotAllowed):
                tags.tag(actor, one.pk, "宝妈")
        with pytest.raises(refusals.UnknownMember):
            tags.tag(SYSTEM, 10**9, "宝妈")


@pytest.mark.django_db(transaction=True)
def test_a_new_word_used_by_two_at_once_is_one_tag():
    one, other = member(), member()
    answers = together(
        lambda: tags.tag(SYSTEM, one.pk, "宝妈"), lambda: tags.tag(SYSTEM, other.pk, "宝妈")
    )
    assert answers == [None, None]
    assert Tag.objects.count() == 1
