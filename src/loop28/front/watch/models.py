from django.db import models
from django.utils.translation import gettext_lazy as _

from loop28.middle.members.models import Member


class Colour(models.TextChoices):
    AMBER = "amber", _("amber")
    RED = "red", _("red")


class Night(models.Model):
    """The watch went round, once in each night: ``day`` is the one it went before.

    ``frozen`` counts what it found new, ``amber`` and ``red`` the chains of that colour.
    """

    day = models.DateField(unique=True)
    at = models.DateTimeField()
    frozen = models.PositiveIntegerField()
    amber = models.PositiveIntegerField()
    red = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.day}"


class Coloured(models.Model):
    """At the top of a chain that is amber or red, as the last night measured it. Who is not here is
    neither.
    """

    member = models.OneToOneField(Member, models.PROTECT, related_name="+")
    colour = models.CharField(max_length=5, choices=Colour)
    levels = models.PositiveIntegerField()
    people = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.colour}: {self.member_id}"
