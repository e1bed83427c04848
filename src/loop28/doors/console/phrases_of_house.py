"""What happens behind the front, as sentences: members, orders, payouts, cases, staff, places."""

from django.utils.translation import gettext_lazy

from loop28.doors.console import fillings
from loop28.doors.console.fillings import Sentence

SENTENCES: dict[str, Sentence] = {
    "MemberRegistered": (gettext_lazy("%(member)s was registered."), fillings.member),
    "MemberRenamed": (gettext_lazy("%(member)s has another name."), fillings.member),
    "MemberImported": (gettext_lazy("%(member)s came in with a file."), fillings.member),
    "MemberMoved": (gettext_lazy("%(member)s has another city: %(city)s."), fillings.member_place),
    "MemberTagged": (gettext_lazy("%(member)s got the tag «%(tag)s»."), fillings.tag),
    "MemberUntagged": (
        gettext_lazy("The tag «%(tag)s» of %(member)s was taken away."),
        fillings.tag,
    ),
    "MembersMerged": (gettext_lazy("%(lost)s turned out to be %(member)s."), fillings.merged),
    "MemberIdentified": (gettext_lazy("%(member)s is known on another platform."), fillings.member),
    "LinksEnded": (gettext_lazy("The personal links of %(member)s were ended."), fillings.member),
    "ConsentGiven": (
        gettext_lazy("%(member)s agreed to the text on data protection."),
        fillings.member,
    ),
    "ConsentWithdrawn": (gettext_lazy("%(member)s withdrew consent."), fillings.member),
    "DataTaken": (
        gettext_lazy("What is kept about %(member)s was written into a file; asked %(asked)s."),
        fillings.asked,
    ),
    "ErasureAsked": (
        gettext_lazy("%(member)s wishes to be erased; asked %(asked)s."),
        fillings.asked,
    ),
    "ErasureCancelled": (
        gettext_lazy("%(member)s does not wish to be erased any more."),
        fillings.member,
    ),
    "MemberErased": (
        gettext_lazy("Everything personal of number %(number)s was erased."),
        fillings.number,
    ),
    "TimeUp": (
        gettext_lazy("Kept no longer: %(what)s, %(count)s."),
        fillings.time_up,
    ),
    "CouponRedeemed": (gettext_lazy("A coupon of %(member)s was used."), fillings.member),
    "OrderPaid": (
        gettext_lazy("An order of %(sum)s, sold by %(member)s, was reported."),
        fillings.payment,
    ),
    "OrderRefunded": (
        gettext_lazy("%(sum)s of an order sold by %(member)s were refunded."),
        fillings.payment,
    ),
    "OrderWasOwn": (
        gettext_lazy("An order of %(member)s was their own: it counts no more."),
        fillings.member,
    ),
    "PayoutAsked": (gettext_lazy("%(member)s asked for a payout of %(sum)s."), fillings.payment),
    "PayoutExported": (
        gettext_lazy("The payout of %(member)s was put on a list."),
        fillings.member,
    ),
    "PayoutPaid": (gettext_lazy("%(member)s was paid %(sum)s."), fillings.payment),
    "PayoutRejected": (
        gettext_lazy("The payout of %(sum)s to %(member)s was rejected."),
        fillings.payment,
    ),
    "MemberFrozen": (gettext_lazy("Money of %(member)s waits: %(why)s."), fillings.frozen),
    "FreezeAnswered": (gettext_lazy("%(member)s said something to a case."), fillings.member),
    "FreezeDecided": (
        gettext_lazy("The case of %(member)s (%(why)s) was decided: %(decision)s. %(reason)s"),
        fillings.frozen,
    ),
    "NightWatched": (
        gettext_lazy(
            "The watch went round: %(frozen)s new cases, %(amber)s chains amber and %(red)s red."
        ),
        fillings.nothing,
    ),
    "BooksAudited": (
        gettext_lazy("The books were audited; differences: %(differences)s."),
        fillings.nothing,
    ),
    "StaffAdded": (gettext_lazy("%(user)s became staff: %(role)s, %(region)s."), fillings.staff),
    "StaffMoved": (gettext_lazy("%(user)s is %(role)s now, %(region)s."), fillings.staff),
    "StaffRenamed": (gettext_lazy("%(user)s has another name."), fillings.staff),
    "StaffEnded": (gettext_lazy("The access of %(user)s was ended."), fillings.staff),
    "StaffReturned": (gettext_lazy("%(user)s may sign in again."), fillings.staff),
    "PasswordSet": (gettext_lazy("%(user)s has a new password."), fillings.staff),
    "CameByLink": (gettext_lazy("%(user)s signed in by a one-time link."), fillings.staff),
    "KeyMade": (gettext_lazy("Machine key %(key)s was made."), fillings.nothing),
    "KeyRevoked": (gettext_lazy("Machine key %(key)s was revoked."), fillings.nothing),
    "RegionAdded": (
        gettext_lazy("The region %(region)s was added, goal %(weekly_lines)s a week."),
        fillings.place,
    ),
    "RegionChanged": (
        gettext_lazy("The region %(region)s was changed, goal %(weekly_lines)s a week."),
        fillings.place,
    ),
    "CityAdded": (
        gettext_lazy("The city %(city)s was added: %(region)s, %(tier)s."),
        fillings.place,
    ),
    "CityChanged": (
        gettext_lazy("The city %(city)s was changed: %(region)s, %(tier)s."),
        fillings.place,
    ),
    "FileImported": (
        gettext_lazy(
            "A file was taken in (%(kind)s): %(new)s new, %(changed)s changed, %(refused)s refused."
        ),
        fillings.file,
    ),
}
