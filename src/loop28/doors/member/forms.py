"""What members type, read before an action sees it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from loop28.back.people import queries as people
from loop28.doors.console.fields import KeyField, YuanField
from loop28.kernel.access import SYSTEM
from loop28.kernel.refusals import Refusal
from loop28.middle.members.actions import NewMember
from loop28.middle.members.models import NAME_LIMIT
from loop28.middle.members.refusals import AdultsOnly, ConsentMissing


class KeyedForm(forms.Form):
    """A form that is one request however often it is sent: it carries a key of its own."""

    key = KeyField()

    def refuse(self, no: Refusal) -> None:
        """Show a refusal at the field it is about, or above the form."""
        self.add_error(no.field if no.field in self.fields else None, str(no))


class JoinForm(KeyedForm):
    """Who comes in: a name, maybe a city, and the two things without which nobody joins."""

    name = forms.CharField(
        label=_("What shall we call you?"),
        max_length=NAME_LIMIT,
        widget=forms.TextInput(attrs={"autocomplete": "nickname", "enterkeyhint": "done"}),
    )
    city = forms.ModelChoiceField(
        label=_("Your city"),
        queryset=people.cities(SYSTEM).none(),
        required=False,
        empty_label=_("I would rather not say"),
    )
    adult = forms.BooleanField(
        label=_("I am at least 18 years old"), error_messages={"required": AdultsOnly.message}
    )
    consent = forms.BooleanField(
        label=_("I have read what is kept about me, and I agree"),
        error_messages={"required": ConsentMissing.message},
    )

    def __init__(self, *args: object, region: int, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        cities = self.fields["city"]
        assert isinstance(cities, forms.ModelChoiceField)  # noqa: S101
        cities.queryset = people.cities(SYSTEM, region)

    @property
    def person(self) -> NewMember:
        """Who came, of a form that is valid."""
        said = self.cleaned_data
        return NewMember(
            name=said["name"],
            adult=said["adult"],
            consent=said["consent"],
            city_id=said["city"].pk if said["city"] else None,
            key=said["key"],
        )


class PayoutForm(KeyedForm):
    """Money out of the wallet, and where it shall go."""

    fen = YuanField(label=_("Amount in yuan"))
    payee = forms.CharField(
        label=_("Name of the payee"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    payee_account = forms.CharField(
        label=_("Account"),
        max_length=80,
        help_text=_("Alipay account or bank card number. Only finance sees it."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class NameForm(forms.Form):
    """Another name."""

    name = forms.CharField(label=_("Name"), max_length=NAME_LIMIT)

    def refuse(self, no: Refusal) -> None:
        self.add_error("name", str(no))
