from django.db import models

from loop28.front.groups.models import Group
from loop28.front.lines.models import Line
from loop28.middle.members.models import Member


class Club(models.Model):
    """A member's own group, one for each line they learn it in. Its chat group says its name.

    ``owner`` hosts the chat group, and is in it; who else came is a `Guest`. ``number`` is 1; a
    second one comes only of two records that turned out to be one person.
    """

    line = models.ForeignKey(Line, models.PROTECT, related_name="clubs", db_index=False)
    owner = models.ForeignKey(Member, models.PROTECT, related_name="clubs")
    number = models.PositiveSmallIntegerField(default=1)
    group = models.OneToOneField(Group, models.PROTECT, related_name="club")
    opened_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line", "owner", "number"], name="one_club_a_line"),
        ]

    def __str__(self) -> str:
        return self.group.name


class Guest(models.Model):
    """Somebody who ever came into a club, however often: ``stay`` counts the times, from 1.

    ``counts`` is whether they are people the owner won: those who work for the company are not, nor
    are those who had a seat in the line before they first came.
    """

    club = models.ForeignKey(Club, models.CASCADE, related_name="guests", db_index=False)
    member = models.ForeignKey(Member, models.PROTECT, related_name="+")
    stay = models.PositiveIntegerField()
    counts = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["club", "member"], name="one_guest")]

    def __str__(self) -> str:
        return f"{self.member_id} in {self.club_id}"


class Lesson(models.Model):
    """A lesson of the line's playbook that the owner taught in their club; ``talk`` is its key."""

    club = models.ForeignKey(Club, models.CASCADE, related_name="lessons", db_index=False)
    talk = models.CharField(max_length=40)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["club", "talk"], name="taught_once")]

    def __str__(self) -> str:
        return f"{self.talk} in {self.club_id}"


class Answer(models.Model):
    """What somebody answered to the question of a lesson: the number of the choice, from 1."""

    lesson = models.ForeignKey(Lesson, models.CASCADE, related_name="answers", db_index=False)
    member = models.ForeignKey(Member, models.PROTECT, related_name="+")
    choice = models.PositiveSmallIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["lesson", "member"], name="answered_once")]

    def __str__(self) -> str:
        return f"{self.member_id} to {self.lesson_id}"
