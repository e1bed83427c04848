from uuid import NAMESPACE_OID, UUID, uuid4, uuid5

from django.db import models

from loop28.back.people.models import City

NAME_LIMIT = 40
TAG_LIMIT = 20
FIRST_LINK = 1
"""The ``link_version`` of who has just come in."""


def record_key(origin: str, name: str) -> UUID:
    """The key of a record: whatever is sent to one way in, it names no record of another."""
    return uuid5(NAMESPACE_OID, f"loop28:{origin}:{name}")


class Member(models.Model):
    """A person. ``adult_at`` is when they declared to be of age; without it there is no money.
    ``created_at`` is since when they are a member, under whichever number that was first.

    ``key`` is made of the form they joined by, so that a double tap is one person, or of their id
    in a file. Raising ``link_version`` ends every personal link and signed-in phone of this person.
    ``spelled`` is the name as a search compares it. ``merged_into`` is who a double turned out to
    be: its row stays, because the books know it, and it is nobody any more. ``erased_at`` is when
    everything personal was made unreadable: what is left is a number.
    """

    key = models.UUIDField(unique=True, default=uuid4)
    name = models.CharField(max_length=NAME_LIMIT)
    city = models.ForeignKey(City, models.PROTECT, null=True, blank=True)
    adult_at = models.DateTimeField(null=True)
    link_version = models.PositiveIntegerField(default=FIRST_LINK)
    created_at = models.DateTimeField()
    spelled = models.TextField(default="")
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="doubles")
    erased_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class Identity(models.Model):
    """The same person on another platform."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="identities")
    platform = models.CharField(max_length=20)
    external_id = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["platform", "external_id"], name="one_person_an_id")
        ]

    def __str__(self) -> str:
        return f"{self.platform}:{self.external_id}"


class Consent(models.Model):
    """That a person agreed, to which version of the text, and until when."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="consents")
    text_version = models.CharField(max_length=20)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member"],
                condition=models.Q(withdrawn_at=None),
                name="one_standing_consent",
            )
        ]

    def __str__(self) -> str:
        return f"{self.text_version} {self.given_at:%F}"


class Tag(models.Model):
    """A free word for members, in the spelling in which it was first used; known by ``spelled``."""

    word = models.CharField(max_length=TAG_LIMIT)
    spelled = models.TextField(unique=True)

    def __str__(self) -> str:
        return self.word


class Tagging(models.Model):
    """A member has a tag."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="taggings", db_index=False)
    tag = models.ForeignKey(Tag, models.PROTECT, related_name="taggings")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "tag"], name="tagged_once")]

    def __str__(self) -> str:
        return f"{self.tag_id} of {self.member_id}"
