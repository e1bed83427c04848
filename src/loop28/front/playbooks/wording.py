"""Mistakes with their words, which the rules, being pure, do not know."""

from dataclasses import asdict, dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from loop28.back.compliance import wording as compliance
from loop28.front.playbooks.mistakes import Mistake
from loop28.front.playbooks.words import WORDS


@dataclass(frozen=True, slots=True)
class Remark(Mistake):
    """A mistake with its words, in the language of whoever asks for them."""

    @property
    def message(self) -> str:
        """What is wrong."""
        return str(WORDS[self.code][0]) % self._details()

    @property
    def cure(self) -> str:
        """What to do about it, with the source where a rule about pay is broken."""
        if self.details.get("meant"):
            return str(_("Did you mean «%(meant)s»?")) % self.details
        return str(WORDS[self.code][1]) % self._details()

    def _details(self) -> dict[str, object]:
        if self.code == "syntax":
            return {"problem": _problem(str(self.details["problem"]))}
        if self.code != "unlawful-reward":
            return self.details
        rule = str(self.details["rule"])
        fen = {name: value for name, value in self.details.items() if isinstance(value, int)}
        says, source = compliance.text(rule, fen), compliance.source(rule)
        return {"rule": rule, "says": says, "source": source}


def remarks(mistakes: list[Mistake]) -> list[Remark]:
    """Mistakes with their words, in the same order."""
    return [Remark(**asdict(mistake)) for mistake in mistakes]


def _problem(parser_says: str) -> str:
    """The parser's commonest complaints in plain words; the rare ones stay as it says them."""
    known = (words for start, words in PROBLEMS.items() if parser_says.startswith(start))
    return str(next(known, parser_says))


PROBLEMS: dict[str, Promise] = {
    "mapping values are not allowed": _("a colon followed by a space within a text"),
    "could not find expected ':'": _("a line without a colon"),
    "expected <block end>": _("a line whose indentation fits nothing above it"),
    "found character '\\t'": _("a tab"),
    "found unexpected end of stream": _("a quote or a bracket that is never closed"),
}
