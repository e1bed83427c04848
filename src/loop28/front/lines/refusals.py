from django.utils.translation import gettext_lazy as _

from loop28.kernel.refusals import Refusal


class BothHostThatDay(Refusal):
    """Two records each host a line that starts on the same day: one person hosts one."""

    message = _(
        "Both host a line that starts on the same day: %(lines)s. One person can host only one of "
        "them. Give one of these lines another host first, if it still goes on."
    )


class StartsInThePast(Refusal):
    """A line cannot start on a day that is over."""

    message = _("The start day is over. Choose today or a later day.")
    status = 422


class SizeOutOfRange(Refusal):
    """A line has 2 to 500 people."""

    message = _("A line has from 2 to 500 people.")
    status = 422


class BudgetMissing(Refusal):
    """A line needs money before it can promise any."""

    message = _("Give the line a budget above zero.")
    status = 422


class HostIsBusy(Refusal):
    """A host starts one line a day."""

    message = _("This host already has a line that starts on that day. Choose another day or host.")


class WeekIsFilled(Refusal):
    """A region owes so many lines a week; who opens what is owed opens no more by mistake."""

    message = _(
        "This region has all its lines of that week. Leave the row out, or open one more by itself."
    )


class LineClosed(Refusal):
    """People join while the line gathers and warms up."""

    message = _("This line no longer takes people in. Ask your host for the next one.")
    status = 410


class Removed(Refusal):
    """Who was removed from a group of the line does not come back by themselves."""

    message = _("You were removed from this line. Write to the company if you think this is wrong.")
    status = 403


class NotInLine(Refusal):
    """Only people with a seat in the line can do this."""

    message = _("You have no seat in this line.")
    status = 404


class NoCallOpen(Refusal):
    """An opt-in counts while the call is open."""

    message = _("The call is not open now. Your host can still let you in.")


class BeatNotByHand(Refusal):
    """Only a beat that waits for the host can be done by hand."""

    message = _("This beat was already done or skipped, or is sent automatically.")


class BeatNotFailed(Refusal):
    """Only a beat that failed can be tried again."""

    message = _("This beat did not fail. Load the page again to see how it stands.")


class LineIsOver(Refusal):
    """What is over cannot be changed any more."""

    message = _("This line is over. Nothing of it can be changed any more.")


class LineStandsStill(Refusal):
    """Nothing of a calendar is done while its line is paused, or after it was stopped."""

    message = _("This line is paused or was stopped. Resume it first.")


class NotPaused(Refusal):
    """Only what is paused can be resumed."""

    message = _("This line is not paused. Load the page again to see how it stands.")


class BeatBegun(Refusal):
    """Only what is still to come can be mended."""

    message = _("This beat has just begun, or was done or skipped. Choose one that is to come.")


class BeatStays(Refusal):
    """Without its call and its closes a line comes to no end."""

    message = _("A call or a close cannot be taken out. Move it, or stop the line.")


class NothingChanged(Refusal):
    """A mend changes something."""

    message = _("This is how it stands already. Change something first.")


class PastTime(Refusal):
    """A beat is moved to a time that is still to come."""

    message = _("This time is over. Choose a later one.")
    status = 422


class OutsidePhase(Refusal):
    """A beat stays inside its phase."""

    message = _("A beat stays in its phase: choose day %(first)s to %(last)s.")
    status = 422


class PastMidnight(Refusal):
    """A talk ends on its day."""

    message = _("The talk would go on after midnight. Let it begin earlier.")
    status = 422


class SameMinute(Refusal):
    """Two beats of a kind would be one."""

    message = _("There is another beat of this kind in the same minute. Choose another time.")
    status = 422


class TalksOverlap(Refusal):
    """Two guests do not speak at once."""

    message = _("Another talk goes on at this time. Choose a time before or after it.")
    status = 422


class PastLineEnd(Refusal):
    """A packet is open, and a task can be done, while the line goes on."""

    message = _("It would still be open when the line ends. Choose an earlier time.")
    status = 422


class PastTheClose(Refusal):
    """The close is the last thing of its phase."""

    message = _("The close of the phase comes last, after every beat and the call's whole window.")
    status = 422


class PacketTerms(Refusal):
    """A packet has 1 to 500 shares of at least a fen."""

    message = _("A packet has 1 to 500 shares, and at least 0.01 yuan for each of them.")
    status = 422


class BudgetTooSmall(Refusal):
    """Packets that are still to come must be paid for."""

    message = _(
        "The budget has %(left)s for this packet beside the others that are planned."
        " Add money first, or choose a smaller sum."
    )
    status = 422


class SameHost(Refusal):
    """A host is replaced by somebody else."""

    message = _("They run this line already. Choose somebody else.")
    status = 422


class FirstCallOpen(Refusal):
    """People are called again when the first call is over."""

    message = _("A second call comes after the first: wait until its window is over.")


class CalledAgain(Refusal):
    """A line calls twice, not more."""

    message = _("This line has its second call already. There is no third.")


class TooEarlyToAskBack(Refusal):
    """People who did not answer are left in peace for some weeks."""

    message = _("It is too early: ask them %(days)s days after the first phase was closed.")


class NoLineToJoin(Refusal):
    """People are asked into a line of the region that still takes people in."""

    message = _("Choose a line of the same region that still takes people in.")
    status = 422


class NobodyToAsk(Refusal):
    """Everybody was asked, has come, or does not want to be written to."""

    message = _("There is nobody to ask: all were asked, came by themselves or took consent back.")
