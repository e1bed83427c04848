"""What the journals of a line and of the company are sorted by."""

from collections.abc import Collection

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

TOPICS: dict[str, str | Promise] = {
    "": gettext_lazy("Course"),
    "people": pgettext_lazy("journal", "People"),
    "money": gettext_lazy("Money"),
    "tasks": gettext_lazy("Tasks"),
    "moderation": gettext_lazy("Moderation"),
    "all": pgettext_lazy("journal", "Everything"),
}
"""What the journal of a line is sorted by."""

EVENT_KINDS = (
    *("EventPlanned", "EventChanged", "EventCancelled"),
    *("EventPhotosAdded", "EventPhotoRemoved"),
)
"""What staff do with an offline event; who comes is told in their line."""

GUEST_KINDS = ("TalkWritten", "GuestFree", "GuestBooked", "GuestReleased")

TOPICS_OF_THE_HOUSE: dict[str, str | Promise] = {
    "": pgettext_lazy("journal", "Everything"),
    "house": gettext_lazy("The house"),
    "lines": pgettext_lazy("journal", "Lines"),
    "people": pgettext_lazy("journal", "People"),
    "money": gettext_lazy("Money"),
}
"""What the journal of the whole company is sorted by; its kinds go by the same names."""

KINDS: dict[str, tuple[str, ...]] = {
    "": (
        *("LineOpened", "LineFunded", "BeatSkipped", "HandBeatDone", "PhaseClosed"),
        *("PacketIssued", "TasksOpened", "TaskHandedOut", "Promoted", "SupervisorProposed"),
        *("Graduated", "BeatMoved", "BeatEdited", "BeatTakenOut", "BeatAdded", "HostReplaced"),
        *("LinePaused", "LineResumed", "LineStopped"),
    ),
    "people": (
        *("MemberJoinedLine", "MemberWaits", "MemberLeftLine", "OptedIn", "MemberSpokenTo"),
        *("Promoted", "SupervisorProposed", "PromotionDeclined", "AskedBack", "WinBackSent"),
        *("DemotionProposed", "Demoted", "DemotionDropped", "AppealMade", "AppealAnswered"),
        *("EventSignedUp", "EventPlaceGiven", "EventPlaceGivenBack", "EventAttended"),
        *("InvitedToCircle", "CircleInviteAnswered", "ClubOpened", "LessonTaught"),
        *("FanJoined", "FanLockEnded", "FanClaimed", "FanClaimDecided"),
        *("MemberRegistered", "MemberRenamed", "MemberIdentified", "LinksEnded"),
        *("ConsentGiven", "ConsentWithdrawn", "MemberTagged", "MemberUntagged", "MemberMoved"),
        *("MemberImported", "MembersMerged", "NoticesStopped", "NoticesResumed"),
        *("DataTaken", "ErasureAsked", "ErasureCancelled", "MemberErased"),
    ),
    "money": (
        *("LineFunded", "LineGaveBack", "PacketIssued", "ShareTaken", "PacketClosed"),
        *("RewardGranted", "RewardSettled", "RewardVoided"),
        *("RewardReversed", "RewardSetOff", "CouponRedeemed"),
        *("PayoutAsked", "PayoutExported", "PayoutPaid", "PayoutRejected"),
        *("MemberFrozen", "FreezeAnswered", "FreezeDecided", "NightWatched", "BooksAudited"),
        *("OrderPaid", "OrderRefunded", "OrderWasOwn"),
    ),
    "moderation": (
        *("ComplaintMade", "ComplaintDecided", "MessageTakenDown"),
        *("MemberMuted", "MemberUnmuted", "MemberRemoved", "MemberLetBack"),
    ),
    "tasks": (
        *("TasksOpened", "TaskHandedOut", "TaskCompleted", "TaskTakenBack", "TasksJoined"),
        *("MakeUpPlayed",),
        *("Nudged", "ProofSent", "ProofReviewed", "ProofsErased"),
    ),
    "house": (
        *("StaffAdded", "StaffMoved", "StaffRenamed", "StaffEnded", "StaffReturned"),
        *("PasswordSet", "CameByLink", "ColleagueNamed", "KeyMade", "KeyRevoked", "FileImported"),
        *("RegionAdded", "RegionChanged", "CityAdded", "CityChanged", "PlaybookPublished"),
        *("GroupRulesSet", "PaceSet", "SendingGivenUp", "SendingResumed", "TimeUp"),
    ),
    "lines": (
        *("LineOpened", "LineFunded", "BeatDue", "BeatSkipped", "HandBeatDone", "PhaseClosed"),
        *("TasksOpened", "Graduated", "BeatMoved", "BeatEdited", "BeatTakenOut", "BeatAdded"),
        *("HostReplaced", "LinePaused", "LineResumed", "LineStopped", "TaskHandedOut"),
        *("CircleOpened", "CircleHostChanged", "RhythmChanged", "SaidInCircle", "WeekBeatByHand"),
    ),
}


def kinds_of(topic: str) -> Collection[str]:
    """The kinds of facts under a topic; all of them for a topic that is none."""
    return KINDS.get(topic, ())
