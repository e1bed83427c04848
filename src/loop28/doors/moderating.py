"""What host and region are asked when they moderate: one form, and what is done with it."""

from collections.abc import Collection, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from loop28.front.groups import moderation
from loop28.front.groups.models import Decision, Message, MessageKind
from loop28.kernel.access import Actor

ACTS = {
    Decision.TAKEN_DOWN: _("Take the message down"),
    Decision.MUTED: _("Mute the person"),
    Decision.REMOVED: _("Remove the person"),
    Decision.SETTLED: _("Nothing more: it was settled by talking"),
    Decision.UNFOUNDED: _("Nothing: there is no ground for it"),
}
HOURS = [(1, _("1 hour")), (24, _("1 day")), (72, _("3 days")), (168, _("7 days"))]


class ActForm(forms.Form):
    """What shall be done, for how long where that matters, and why."""

    act = forms.ChoiceField(label=_("What shall be done?"), widget=forms.RadioSelect)
    hours = forms.ChoiceField(label=_("Mute for"), choices=HOURS, initial=24, required=False)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=moderation.REASON_LIMIT,
        help_text=_("It stays in the books. Who is muted reads it, and who complained."),
    )

    def clean_hours(self) -> int:
        return int(self.cleaned_data["hours"] or 24)

    def __init__(self, acts: Collection[str], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        act = self.fields["act"]
        assert isinstance(act, forms.ChoiceField)  # noqa: S101
        act.choices = [(key.value, label) for key, label in ACTS.items() if key in acts]
        if Decision.MUTED not in acts:
            del self.fields["hours"]


def acts_about(message: Message) -> list[str]:
    """What can be done about a message of a group, or its writer."""
    down = message.kind == MessageKind.TEXT and not message.taken_down
    person = message.member_id not in {None, message.group.host_id}
    return [
        *([Decision.TAKEN_DOWN] if down else []),
        *([Decision.MUTED, Decision.REMOVED] if person else []),
    ]


def act(
    actor: Actor,
    wish: Mapping[str, Any],
    *,
    group: int,
    member: int | None,
    message: int | None = None,
    line: int | None,
) -> None:
    """Do what the form says about a message or a person. Refuses as the acts do."""
    chosen, why = wish["act"], wish["reason"]
    if chosen == Decision.TAKEN_DOWN and message:
        moderation.take_down(actor, message, why, line=line)
    elif chosen == Decision.MUTED and member:
        moderation.mute(actor, group, member, wish["hours"], why, line=line)
    elif chosen == Decision.REMOVED and member:
        moderation.remove(actor, group, member, why, line=line)
