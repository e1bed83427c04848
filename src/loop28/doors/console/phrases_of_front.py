"""What happens in the front, as sentences: lines, groups, tasks, levels, fans, playbooks."""

from django.utils.translation import gettext_lazy

from loop28.doors.console import fillings
from loop28.doors.console.fillings import Sentence

SENTENCES: dict[str, Sentence] = {
    "LineOpened": (gettext_lazy("The line was opened with %(sum)s."), fillings.funds),
    "LineFunded": (gettext_lazy("The budget got %(sum)s."), fillings.funds),
    "LineGaveBack": (gettext_lazy("The budget gave %(sum)s back to the company."), fillings.funds),
    "MemberJoinedLine": (
        gettext_lazy("%(member)s joined, brought by %(inviter)s."),
        fillings.brought,
    ),
    "MemberWaits": (gettext_lazy("%(member)s waits for a seat."), fillings.member),
    "MemberLeftLine": (gettext_lazy("%(member)s left."), fillings.member),
    "MemberSpokenTo": (gettext_lazy("Somebody had a word with %(member)s."), fillings.member),
    "OptedIn": (gettext_lazy("%(member)s opted in: %(via)s."), fillings.via),
    "BeatDue": (gettext_lazy("«%(beat)s» was due."), fillings.beat),
    "BeatSkipped": (
        gettext_lazy("«%(beat)s» was skipped, %(minutes)s minutes late."),
        fillings.beat,
    ),
    "HandBeatDone": (gettext_lazy("«%(beat)s» was sent by hand."), fillings.beat),
    "BeatMoved": (gettext_lazy("«%(beat)s» was moved: %(reason)s"), fillings.mended),
    "BeatEdited": (gettext_lazy("«%(beat)s» was changed: %(reason)s"), fillings.mended),
    "BeatTakenOut": (gettext_lazy("«%(beat)s» was taken out: %(reason)s"), fillings.mended),
    "BeatAdded": (gettext_lazy("«%(beat)s» was added: %(reason)s"), fillings.mended),
    "HostReplaced": (
        gettext_lazy("%(host)s runs the line instead of %(former)s: %(reason)s"),
        fillings.mended,
    ),
    "LinePaused": (gettext_lazy("The line was paused: %(reason)s"), fillings.mended),
    "LineResumed": (
        gettext_lazy(
            "The line goes on, %(days)s days later, with %(skipped)s beats left out: %(reason)s"
        ),
        fillings.mended,
    ),
    "LineStopped": (
        gettext_lazy("The line was stopped, with %(skipped)s beats left out: %(reason)s"),
        fillings.mended,
    ),
    "PhaseClosed": (gettext_lazy("A phase was closed."), fillings.nothing),
    "PacketIssued": (
        gettext_lazy("Red packet «%(packet)s» with %(sum)s was issued."),
        fillings.packet,
    ),
    "ShareTaken": (gettext_lazy("%(member)s got %(sum)s from «%(packet)s»."), fillings.packet),
    "PacketClosed": (gettext_lazy("«%(packet)s» was closed; %(sum)s went back."), fillings.packet),
    "TasksOpened": (
        gettext_lazy("Tasks opened: %(tasks)s, assignments: %(assignments)s."),
        fillings.nothing,
    ),
    "TaskHandedOut": (
        gettext_lazy("«%(task)s» was given by hand to %(members)s people: %(reason)s"),
        fillings.handed_out,
    ),
    "TaskCompleted": (gettext_lazy("%(member)s finished «%(task)s»."), fillings.task),
    "MakeUpPlayed": (
        gettext_lazy("%(member)s made up day %(day)s of the line for «%(task)s» with a card."),
        fillings.task,
    ),
    "Nudged": (gettext_lazy("%(member)s was nudged."), fillings.member),
    "TaskTakenBack": (gettext_lazy("«%(task)s» of %(member)s was taken back."), fillings.task),
    "TasksJoined": (
        gettext_lazy("«%(task)s» was given to two records of %(member)s; it is one now."),
        fillings.task,
    ),
    "ProofSent": (gettext_lazy("%(member)s handed in a picture for «%(task)s»."), fillings.task),
    "ProofReviewed": (
        gettext_lazy(
            "The picture of %(member)s for «%(task)s» was looked at (%(look)s): %(decision)s. "
            "%(reason)s"
        ),
        fillings.proof,
    ),
    "ProofsErased": (
        gettext_lazy("%(proofs)s pictures of %(member)s were erased."),
        fillings.member,
    ),
    "ColleagueNamed": (
        gettext_lazy("It was noted that among the members %(user)s is: %(member)s."),
        fillings.colleague,
    ),
    "RewardGranted": (gettext_lazy("%(member)s earned %(reward)s."), fillings.reward),
    "RewardSettled": (gettext_lazy("%(member)s received %(reward)s."), fillings.reward),
    "RewardReversed": (
        gettext_lazy("%(reward)s of %(member)s was taken back after it was paid, and is owed."),
        fillings.reward,
    ),
    "RewardSetOff": (
        gettext_lazy("%(reward)s of a new reward of %(member)s went back for an older one."),
        fillings.reward,
    ),
    "RewardVoided": (gettext_lazy("%(reward)s of %(member)s was taken back."), fillings.reward),
    "Promoted": (gettext_lazy("%(member)s became %(level)s."), fillings.level),
    "SupervisorProposed": (gettext_lazy("%(member)s was proposed as %(level)s."), fillings.level),
    "PromotionDeclined": (
        gettext_lazy("The proposal to make %(member)s %(level)s was declined."),
        fillings.level,
    ),
    "DemotionProposed": (
        gettext_lazy("The level %(level)s of %(member)s is in doubt: %(cause)s."),
        fillings.level_in_doubt,
    ),
    "Demoted": (
        gettext_lazy("%(member)s is no longer %(level)s: %(reason)s"),
        fillings.level_in_doubt,
    ),
    "DemotionDropped": (
        gettext_lazy("%(member)s stays %(level)s: %(reason)s"),
        fillings.level_in_doubt,
    ),
    "AppealMade": (
        gettext_lazy("%(member)s appealed a decision about the level %(level)s."),
        fillings.level,
    ),
    "AppealAnswered": (
        gettext_lazy("The appeal of %(member)s about the level %(level)s was answered: %(answer)s"),
        fillings.appeal,
    ),
    "AskedBack": (
        gettext_lazy("%(count)s people are to be asked into another line."),
        fillings.nothing,
    ),
    "WinBackSent": (gettext_lazy("%(member)s was asked into another line."), fillings.member),
    "EventPlanned": (gettext_lazy("«%(event)s» was announced."), fillings.event),
    "EventChanged": (
        gettext_lazy("«%(event)s» was changed; it has %(places)s places."),
        fillings.event,
    ),
    "EventCancelled": (
        gettext_lazy("«%(event)s» was cancelled; %(places)s people had a place."),
        fillings.event,
    ),
    "EventSignedUp": (
        gettext_lazy("%(member)s signed up for «%(event)s»: %(state)s."),
        fillings.event_answer,
    ),
    "EventPlaceGiven": (
        gettext_lazy("%(member)s moved up and has a place at «%(event)s»."),
        fillings.event,
    ),
    "EventPlaceGivenBack": (
        gettext_lazy("%(member)s does not come to «%(event)s»."),
        fillings.event,
    ),
    "EventAttended": (gettext_lazy("%(member)s came to «%(event)s»."), fillings.event),
    "EventPhotosAdded": (gettext_lazy("«%(event)s» got new photos: %(photos)s."), fillings.event),
    "EventPhotoRemoved": (gettext_lazy("A photo of «%(event)s» was removed."), fillings.event),
    "TalkWritten": (
        gettext_lazy("Version %(number)s of the talk «%(talk)s» was written."),
        fillings.talk,
    ),
    "GuestFree": (gettext_lazy("%(guest)s named free days."), fillings.guest),
    "GuestBooked": (gettext_lazy("%(guest)s was booked."), fillings.guest),
    "GuestReleased": (gettext_lazy("A booking of %(guest)s was called off."), fillings.guest),
    "InvitedToCircle": (
        gettext_lazy("%(member)s was invited to the group «%(group)s»."),
        fillings.circle,
    ),
    "CircleInviteAnswered": (
        gettext_lazy("%(member)s answered the invitation to «%(group)s»: %(answer)s."),
        fillings.circle,
    ),
    "MessageTakenDown": (
        gettext_lazy("A message of %(member)s was taken down: %(reason)s."),
        fillings.whose,
    ),
    "MemberMuted": (
        gettext_lazy("%(member)s was muted until %(until)s: %(reason)s."),
        fillings.muted,
    ),
    "MemberUnmuted": (gettext_lazy("%(member)s may write again."), fillings.member),
    "MemberRemoved": (gettext_lazy("%(member)s was removed: %(reason)s."), fillings.whose),
    "MemberLetBack": (gettext_lazy("%(member)s may come back: %(reason)s."), fillings.whose),
    "ComplaintMade": (gettext_lazy("A complaint was made by %(member)s."), fillings.whose),
    "ComplaintDecided": (
        gettext_lazy("The complaint of %(member)s was decided: %(decision)s. %(reason)s"),
        fillings.decided,
    ),
    "GroupRulesSet": (gettext_lazy("Blocked words of the %(kind)s: %(words)s."), fillings.kind),
    "SendingGivenUp": (
        gettext_lazy("Message %(outgoing)s was given up after %(tries)s tries."),
        fillings.nothing,
    ),
    "SendingResumed": (gettext_lazy("Message %(outgoing)s was tried again."), fillings.nothing),
    "PaceSet": (
        gettext_lazy(
            "Quiet from %(quiet_from)s to %(quiet_until)s, at most %(daily_limit)s messages a day"
            " to one person."
        ),
        fillings.pace,
    ),
    "NoticesStopped": (gettext_lazy("%(member)s wants no more messages."), fillings.member),
    "NoticesResumed": (gettext_lazy("%(member)s wants messages again."), fillings.member),
    "LineOffered": (gettext_lazy("%(member)s was offered a line."), fillings.member),
    "OfferAnswered": (
        gettext_lazy("%(member)s answered the offer of a line: %(answer)s."),
        fillings.answer,
    ),
    "OfferWithdrawn": (
        gettext_lazy("The offer of a line to %(member)s was withdrawn."),
        fillings.member,
    ),
    "OfferLapsed": (
        gettext_lazy("The offer of a line to %(member)s was not answered in time."),
        fillings.member,
    ),
    "Graduated": (gettext_lazy("The line graduated with %(count)s people."), fillings.nothing),
    "CircleOpened": (
        gettext_lazy("The group «%(group)s» was opened, host %(member)s."),
        fillings.group,
    ),
    "CircleHostChanged": (
        gettext_lazy("%(member)s hosts the group «%(group)s» now."),
        fillings.group,
    ),
    "RhythmChanged": (
        gettext_lazy("The group «%(group)s» lives by another week now."),
        fillings.group,
    ),
    "MemberLeftCircle": (gettext_lazy("%(member)s left the group «%(group)s»."), fillings.group),
    "SaidInCircle": (gettext_lazy("Something was said in the group «%(group)s»."), fillings.group),
    "WeekBeatDue": (gettext_lazy("A beat of the week was sent in «%(group)s»."), fillings.group),
    "WeekBeatSkipped": (
        gettext_lazy("A beat of the week was skipped in «%(group)s»."),
        fillings.group,
    ),
    "WeekBeatByHand": (
        gettext_lazy("A beat of the week was sent by hand in «%(group)s»."),
        fillings.group,
    ),
    "ClubOpened": (
        gettext_lazy("%(member)s opened a group of their own, «%(group)s»."),
        fillings.club,
    ),
    "GuestCame": (
        gettext_lazy("%(member)s came into «%(group)s», the own group of %(owner)s."),
        fillings.club,
    ),
    "GuestLeft": (
        gettext_lazy("%(member)s left «%(group)s», the own group of %(owner)s."),
        fillings.club,
    ),
    "LessonTaught": (
        gettext_lazy("%(member)s taught a lesson in «%(group)s»: %(lesson)s."),
        fillings.club,
    ),
    "LessonAnswered": (
        gettext_lazy("%(member)s answered a lesson in «%(group)s»: %(lesson)s."),
        fillings.club,
    ),
    "LinkMade": (gettext_lazy("%(member)s made a link to share: %(target)s."), fillings.fan),
    "LinkClicked": (gettext_lazy("Visitor %(fan)s clicked a link of %(promoter)s."), fillings.fan),
    "FanLocked": (gettext_lazy("Visitor %(fan)s is a fan of %(promoter)s now."), fillings.fan),
    "FanJoined": (gettext_lazy("%(member)s joined, a fan of %(promoter)s."), fillings.fan),
    "FanLockEnded": (gettext_lazy("Fan %(fan)s is %(promoter)s's no more: %(why)s."), fillings.fan),
    "FanClaimed": (gettext_lazy("%(member)s claims fan %(fan)s: %(reason)s"), fillings.fan),
    "FanClaimDecided": (
        gettext_lazy(
            "The claim of %(member)s to fan %(fan)s was decided: %(decision)s. %(reason)s"
        ),
        fillings.fan,
    ),
    "VisitorsForgotten": (gettext_lazy("%(count)s visitors were forgotten."), fillings.nothing),
    "MessageReceived": (gettext_lazy("%(member)s wrote in a group."), fillings.member),
    "GroupJoined": (gettext_lazy("%(member)s came into a group."), fillings.member),
    "GroupLeft": (gettext_lazy("%(member)s left a group."), fillings.member),
    "PlaybookPublished": (
        gettext_lazy("Version %(number)s of a playbook was published."),
        fillings.nothing,
    ),
    "DraftStarted": (gettext_lazy("Draft %(draft)s of a playbook was begun."), fillings.nothing),
    "DraftHandedIn": (gettext_lazy("Draft %(draft)s was handed in for review."), fillings.nothing),
    "DraftTakenBack": (
        gettext_lazy("Draft %(draft)s was taken back from the review."),
        fillings.nothing,
    ),
    "DraftSentBack": (
        gettext_lazy("Draft %(draft)s was sent back with a comment."),
        fillings.nothing,
    ),
    "DraftPublished": (
        gettext_lazy("Draft %(draft)s was published as playbook version no. %(version)s."),
        fillings.nothing,
    ),
    "DraftDropped": (gettext_lazy("Draft %(draft)s was dropped."), fillings.nothing),
    "RehearsalAsked": (
        gettext_lazy("A rehearsal of draft %(draft)s was asked for."),
        fillings.nothing,
    ),
}
