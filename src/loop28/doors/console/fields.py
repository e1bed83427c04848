"""Fields that several console forms share."""

import unicodedata
from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from loop28.kernel.money import parse_yuan


class YuanField(forms.CharField):
    """Decimal yuan as people type them, with full-width digits or commas; its value is fen."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("max_length", 20)
        options.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal"}))
        super().__init__(**options)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        plain = unicodedata.normalize("NFKC", text).replace(",", "").strip().lstrip("¥").strip()
        if not plain:
            return None
        try:
            return parse_yuan(plain)
        except ValueError:
            raise forms.ValidationError(
                _("Please write an amount in yuan such as 1200 or 99.50."), code="yuan"
            ) from None


class DayField(forms.DateField):
    """A calendar day from the browser's own picker."""

    def __init__(self, **options: Any) -> None:
        options["widget"] = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(input_formats=["%Y-%m-%d"], **options)

    def to_python(self, value: Any) -> date | None:
        day = super().to_python(value)
        if day is not None and not 2000 <= day.year <= 2200:
            raise forms.ValidationError(_("Please choose a day of this century."), code="day")
        return day


class SomeClosed(forms.Select):
    """A choice in which some options are to be seen and not to be taken."""

    closed: Collection[Any] = ()

    def create_option(self, name: str, value: Any, *args: Any, **options: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(name, value, *args, **options)
        if value in self.closed:
            option["attrs"]["disabled"] = True
        return option


class KeyField(forms.UUIDField):
    """One request however often its form is sent: the form carries a key of its own."""

    def __init__(self) -> None:
        super().__init__(widget=forms.HiddenInput, initial=uuid4)


class ReasonForm(forms.Form):
    """Why, in a sentence that stays in the books."""

    reason = forms.CharField(label=_("Reason"), max_length=200)
