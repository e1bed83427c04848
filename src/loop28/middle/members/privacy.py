"""Who a person is, as far as we know; and how they become a number."""

from collections.abc import Collection
from uuid import uuid4

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from loop28.kernel import journal, sql
from loop28.kernel.access import Actor, require
from loop28.kernel.privacy import KIND, TEXT, UNTIL, WHAT, WHEN, Topic
from loop28.kernel.text import searchable
from loop28.middle.members import facts
from loop28.middle.members.models import Consent, Identity, Member, Tag, Tagging

NAME = _("erased")


def about(actor: Actor, members: Collection[int]) -> list[Topic]:
    """Who they are, what they agreed to, and the words staff sort them by."""
    records = Member.objects.filter(pk__in=members).select_related("city").order_by("id")
    people = [
        [row.pk, row.name, row.city.name if row.city else "", row.adult_at, row.created_at]
        for row in records
    ]
    identities = Identity.objects.filter(member__in=members).order_by("id")
    agreed = Consent.objects.filter(member__in=members).order_by("given_at", "id")
    tags = Tagging.objects.filter(member__in=members).select_related("tag").order_by("tag__word")
    columns = [
        pgettext_lazy("data", "Number"),
        _("Name"),
        _("City"),
        _("Of age since"),
        _("Registered"),
    ]
    return [
        Topic("me", _("Who you are"), columns, people),
        Topic(
            "known-as",
            _("What you are called elsewhere"),
            [KIND, TEXT],
            [[row.platform, row.external_id] for row in identities],
        ),
        Topic(
            "consents",
            _("What you agreed to"),
            [WHAT, WHEN, UNTIL],
            [[row.text_version, row.given_at, row.withdrawn_at] for row in agreed],
        ),
        Topic("tags", _("Words staff sort you by"), [TEXT], [[row.tag.word] for row in tags]),
    ]


@journal.action
def erase(actor: Actor, members: Collection[int]) -> None:
    """Nobody is called anything any more: no name, no city, no id elsewhere, no link that works.

    Whoever is erased took every consent back, and leaves what they are in by that. That they once
    agreed, and when, stays: it says that what was done was lawful.
    """
    require(actor)
    here = Member.objects.filter(pk__in=members, erased_at=None)
    fresh = list(here.select_for_update().order_by("id"))
    with translation.override(settings.LANGUAGE_CODE):
        name = str(NAME)
    rows = [
        {
            "id": member.pk,
            "key": uuid4(),  # of who came in with a file it is made of their id
            "name": name,
            "spelled": searchable(name),
            "city": None,
            "link_version": member.link_version + 1,
            "erased_at": journal.now(),
        }
        for member in fresh
    ]
    sql.update(Member, rows)
    Consent.objects.filter(member__in=members, withdrawn_at=None).update(withdrawn_at=journal.now())
    Identity.objects.filter(member__in=members).delete()
    Tagging.objects.filter(member__in=members).delete()
    Tag.objects.filter(taggings=None).delete()
    people = [member.pk for member in fresh if member.merged_into_id is None]
    journal.record(*(facts.ConsentWithdrawn(member=member) for member in people))
    journal.record(*(facts.MemberErased(member=member) for member in people))
