"""Publishing: who may, what becomes a version, and that it happens once."""

import itertools

import pytest
from django.db import IntegrityError

from loop28.front.playbooks import queries
from loop28.front.playbooks.actions import publish
from loop28.front.playbooks.models import PlaybookVersion
from loop28.front.playbooks.refusals import NoSuchPlaybook, PlaybookHasMistakes
from loop28.kernel import journal
from loop28.kernel.access import SYSTEM, Actor, NotAllowed, Role
from loop28.kernel.journal.models import Entry
from tests import factories
from tests.front.playbooks.kit import SMALL, changed
from tests.races import Died, dying_at, together

OTHER = changed("name: 五天小打法", "name: 五天新打法")
BAD = changed('at: "09:00"', 'at: "9:00"')


@pytest.mark.django_db
def test_a_good_playbook_becomes_version_1():
    version = publish(SYSTEM, SMALL)
    assert (version.key, version.number, version.name) == ("small", 1, "五天小打法")
    assert version.source == SMALL
    assert version.published_by_id is None
    assert Entry.objects.get(kind="PlaybookPublished").data == {
        "version": version.pk,
        "number": 1,
    }


@pytest.mark.django_db
def test_a_changed_text_becomes_the_next_version():
    assert [publish(SYSTEM, text).number for text in (SMALL, OTHER)] == [1, 2]


@pytest.mark.django_db
def test_another_key_counts_for_itself():
    publish(SYSTEM, SMALL)
    assert publish(SYSTEM, changed("key: small", "key: other")).number == 1


@pytest.mark.django_db
def test_the_same_text_again_is_the_same_version():
    first = publish(SYSTEM, SMALL)
    publish(SYSTEM, OTHER)
    as_a_form_sends_it = SMALL.replace("\n", "\r\n")
    assert publish(SYSTEM, as_a_form_sends_it).pk == first.pk
    assert publish(SYSTEM, SMALL.encode()).pk == first.pk
    assert Entry.objects.filter(kind="PlaybookPublished").count() == 2


@pytest.mark.django_db
def test_a_playbook_with_mistakes_is_refused_with_all_of_them():
    bad = changed("late: always", "late: never", BAD)
    with pytest.raises(PlaybookHasMistakes) as refused:
        publish(SYSTEM, bad)
    assert [mistake.code for mistake in refused.value.mistakes] == ["local-time", "late"]
    assert "9:00" in str(refused.value)
    assert not PlaybookVersion.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("source", ["", "%", b"\xff\xfe", "a: &x [*x]", "\ud800", "[" * 10_000])
def test_what_is_no_playbook_is_refused(source):
    with pytest.raises(PlaybookHasMistakes):
        publish(SYSTEM, source)


@pytest.mark.django_db
@pytest.mark.parametrize("role", sorted(set(Role) - {Role.SYSTEM}))
def test_nobody_makes_a_version_past_the_review(role):
    """Only the installation itself does; people hand in drafts."""
    with pytest.raises(NotAllowed):
        publish(Actor(role, 1), SMALL)


@pytest.mark.django_db(transaction=True)
def test_of_those_who_publish_the_same_at_once_one_makes_the_version():
    versions = together(*[lambda: publish(SYSTEM, SMALL)] * 6)
    assert len({version.pk for version in versions}) == 1
    assert PlaybookVersion.objects.count() == 1
    assert Entry.objects.filter(kind="PlaybookPublished").count() == 1


@pytest.mark.django_db(transaction=True)
def test_those_who_publish_different_texts_at_once_get_different_numbers():
    texts = [changed("name: 五天小打法", f"name: 打法{n}") for n in range(6)]
    versions = together(*[lambda text=text: publish(SYSTEM, text) for text in texts * 2])
    assert sorted(PlaybookVersion.objects.values_list("number", flat=True)) == [1, 2, 3, 4, 5, 6]
    assert [version.source for version in versions] == texts * 2


@pytest.mark.django_db(transaction=True)
def test_a_crash_anywhere_leaves_nothing_or_everything():
    finished = False
    for statement in itertools.count(1):
        if finished:
            break
        try:
            with dying_at(statement):
                publish(SYSTEM, SMALL)
            finished = True
        except Died:
            assert not PlaybookVersion.objects.exists()
            assert not Entry.objects.exists()
    assert statement > 5
    assert publish(SYSTEM, SMALL).number == 1


@pytest.mark.django_db
def test_a_text_has_one_version_whatever_code_writes_it():
    version = publish(SYSTEM, SMALL)
    version.pk, version.number = None, 2
    with pytest.raises(IntegrityError):
        version.save()


@pytest.mark.django_db
def test_a_version_is_read_once_and_says_what_was_published():
    version = publish(SYSTEM, SMALL)
    playbook = queries.playbook(version.pk)
    assert playbook.key == "small"
    assert queries.playbook(version.pk) is playbook


@pytest.mark.django_db(transaction=True)
def test_a_version_that_was_rolled_back_is_forgotten():
    class Regret(Exception):  # noqa: N818
        pass

    @journal.action
    def publish_and_regret(actor):
        queries.playbook(publish(actor, SMALL).pk)
        raise Regret

    with pytest.raises(Regret):
        publish_and_regret(SYSTEM)
    version = publish(SYSTEM, OTHER)
    assert queries.playbook(version.pk).name == "五天新打法"


@pytest.mark.django_db
def test_staff_of_every_role_and_region_see_all_versions():
    administrator = factories.staff().actor
    publish(SYSTEM, SMALL)
    newest = publish(SYSTEM, OTHER)
    manager = factories.staff(Role.REGION_MANAGER, factories.region()).actor
    auditor = factories.staff(Role.AUDITOR).actor
    for actor in (administrator, manager, auditor):
        assert [version.number for version in queries.versions(actor)] == [2, 1]
        assert queries.version(actor, newest.pk) == newest


@pytest.mark.django_db
@pytest.mark.parametrize("role", [Role.MEMBER, Role.MACHINE])
def test_who_is_no_staff_sees_no_versions(role):
    with pytest.raises(NotAllowed):
        queries.versions(Actor(role, 1))


@pytest.mark.django_db
def test_a_version_that_is_not_there_is_refused():
    with pytest.raises(NoSuchPlaybook):
        queries.version(SYSTEM, 404)
    with pytest.raises(NoSuchPlaybook):
        queries.playbook(404)
