"""What mistakes in packets, rewards and budgets say, and their cures."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MONEY: dict[str, tuple[str | Promise, str | Promise]] = {
    "share-below-a-fen": (
        _("The sum is too small for %(shares)s shares: each holds at least 0.01 yuan."),
        _('Write "%(least)s" or more, or fewer shares.'),
    ),
    "no-price": (
        _("The hot product has no price."),
        _("Write what it costs in yuan."),
    ),
    "not-below-market": (
        _("The hot product must cost less than on the market (%(market)s yuan)."),
        _("Lower the price, or choose another product. The market price must be a true one."),
    ),
    "reward-of-nothing": (
        _("A reward of 0 yuan is none."),
        _("Write an amount, or delete «money»."),
    ),
    "two-of-value": (
        _("A reward holds at most one thing of value: money, points or a coupon."),
        _("Keep one of them."),
    ),
    "limit-of-nothing": (
        _("There is nothing in this reward that «%(name)s» could limit."),
        _("Delete it, or give the reward money («first»: also points or a coupon)."),
    ),
    "cap-below-reward": (
        _("Nobody would be paid: a single reward is %(money)s yuan."),
        _("Write %(money)s or more."),
    ),
    "tiers-uncounted": (
        _("A task of kind %(kind)s has no better result: it is done or it is not."),
        _("Delete the tiers, or measure the task («kind: measured»)."),
    ),
    "tiers-and-first": (
        _("Tiers are for everybody who does better; they do not go with «first»."),
        _("Delete one of the two."),
    ),
    "tier-not-more": (
        _("This tier asks or brings no more than the one before it."),
        _(
            "Raise «at_least» above the bar before it, and write more of what the reward gives, "
            "money or points, in all."
        ),
    ),
    "unknown-budget": (
        _("There is no part «%(name)s» of the budget."),
        _("Add it under «budgets» with its key and the most it holds."),
    ),
    "parts-over-budget": (
        _("The parts come to %(total)s yuan, and the whole budget is %(budget)s."),
        _("Make a part smaller, or raise the budget."),
    ),
    "unlawful-reward": (
        "%(says)s",
        _("Give a badge or a course instead, or less. Rule %(rule)s. Source: %(source)s"),
    ),
    "over-budget": (
        _(
            "The budget does not last: when %(percent)s %% pass (%(people)s people), packets cost "
            "%(packets)s and rewards up to %(rewards)s, together %(total)s yuan."
        ),
        _("Add %(missing)s yuan, or spend less on packets and rewards."),
    ),
}
