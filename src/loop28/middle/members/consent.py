"""What a person agrees to before anything is kept about them or sent to them.

A version is never changed, because people agreed to it word by word: write the next one instead.
A test keeps a fingerprint of every version in both languages.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

CONSENT_VERSION = "2026-1"


@dataclass(frozen=True, slots=True)
class ConsentText:
    """One version of the text, in the language of the page that shows it."""

    version: str
    title: str | Promise
    paragraphs: tuple[str | Promise, ...]


TEXTS = {
    "2026-1": ConsentText(
        "2026-1",
        _("What is kept about you, and what for"),
        (
            _(
                "Who may take part. You are at least 18 years old. Red packets, rewards and "
                "payouts are money, and money goes to adults only."
            ),
            _("It costs nothing. You pay nothing to get in, to stay in or to get up."),
            _(
                "What we keep. Your name, your city if you give it, who invited you, what you "
                "write in the groups of this programme, which packets you open, which tasks you "
                "do, which orders a shop reports for you, and what was paid to you."
            ),
            _(
                "What for. To run the groups, to see that a task is done, to pay you what you "
                "are due, and to keep the books. Nothing is sold, and nothing is used for "
                "anything else."
            ),
            _(
                "Who sees it. People in your group see your name and what you write there. The "
                "host of your group and the company's staff see your progress. The account you "
                "name for a payout is there for finance."
            ),
            _(
                "How long. As long as you take part; records of money for three years after "
                "that, because the law asks for it."
            ),
            _(
                "How to withdraw. At any time, without a reason, with one button on the page that "
                "shows this text. From then on nothing is sent to you and you leave your groups. "
                "Money that is yours stays yours, and the books keep what was paid."
            ),
            _(
                "What you may ask for. To see what is kept about you, to have it put right, or to "
                "have it erased: tell the host of your group, who passes it on."
            ),
        ),
    ),
}
