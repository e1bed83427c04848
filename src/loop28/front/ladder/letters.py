"""What a member is told about their level, when a person decided."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from loop28.front.groups import notices
from loop28.front.ladder.models import Appeal, AppealState, Demotion, Level, Promotion
from loop28.front.ladder.models import PromotionState as State
from loop28.front.lines import queries as lines
from loop28.kernel.access import SYSTEM


def decided(step: Promotion) -> None:
    """A proposed step up was granted or declined."""
    granted = _("You are %(level)s now. What decided stands on your page «My level».")
    declined = _(
        "The step up to %(level)s was declined: “%(reason)s”. If you see it otherwise, appeal on"
        " your page «My level»."
    )
    text = granted if step.state == State.GRANTED else declined
    _tell(f"step:{step.pk}", step.member_id, step.line_id, text, step.level, step.reason)


def taken_back(demotion: Demotion) -> None:
    """A level was taken back."""
    text = _(
        "You are no longer %(level)s: “%(reason)s”. If you see it otherwise, appeal on your page"
        " «My level»."
    )
    step = demotion.promotion
    key = f"demotion:{demotion.pk}"
    _tell(key, step.member_id, step.line_id, text, step.level, demotion.reason)


def answered(appeal: Appeal) -> None:
    """An appeal was upheld or not."""
    upheld = _("Your appeal was upheld, you are %(level)s: “%(reason)s”")
    rejected = _("Your appeal about the level %(level)s was not upheld: “%(reason)s”")
    text = upheld if appeal.state == AppealState.UPHELD else rejected
    key = f"appeal:{appeal.pk}"
    _tell(key, appeal.member_id, appeal.line_id, text, appeal.level, appeal.answer)


def _tell(key: str, member: int, line: int | None, text: Promise, level: str, reason: str) -> None:
    group = _group(member, line)
    if group is not None:
        words = notices.in_our_language(text, level=Level(level).label, reason=reason)
        notices.tell(SYSTEM, [notices.Told(key, member, group, words)])


def _group(member: int, line: int | None) -> int | None:
    """Where a word comes from: of the line's last group, or of the last they host; else nowhere:
    they read it on their page.
    """
    if line is None:
        hosted = lines.lines(SYSTEM).filter(host=member).order_by("-id")
        line = hosted.values_list("id", flat=True).first()
    return lines.phases(line)[-1].group_id if line else None
