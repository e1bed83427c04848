"""What each rule says, and where it comes from. This is not legal advice."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from loop28.kernel.money import yuan

RULES: dict[str, tuple[str | Promise, str | Promise]] = {
    "wechat-no-value-for-sharing": (
        _("On WeChat nothing of value may be given for sharing, clicks or bringing helpers."),
        _(
            "WeChat's rules for external links (微信外部链接内容管理规范), section 2.1.2, "
            "on inducing people to share."
        ),
    ),
    "no-money-without-proof": (
        _(
            "Money only where Loop28 sees the proof: check-in, quiz, host's tick, reviewed "
            "picture, first order."
        ),
        _("The house's own rule; the reward of a task is limited by its proof."),
    ),
    "money-within-proof": (
        _("The proof of this task carries at most %(limit)s yuan."),
        _("The house's own cautious figures for how much each proof carries."),
    ),
    "sale-reward-at-most-30-percent": (
        _("All rewards of a sale together are at most 30 %% of it, here %(limit)s yuan."),
        _(
            "The measure of the Regulations on Direct Selling (直销管理条例), article 24, "
            "taken over as the house's own limit."
        ),
    ),
}


def text(rule: str, amounts: dict[str, int]) -> str:
    """What the rule says, in the language of the moment; ``amounts`` are fen."""
    return str(RULES[rule][0]) % {name: yuan(fen) for name, fen in amounts.items()}


def source(rule: str) -> str:
    """Where the rule comes from."""
    return str(RULES[rule][1])
