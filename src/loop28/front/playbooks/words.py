"""For each mistake in a playbook: what it says, and its cure."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from loop28.front.playbooks.words_of_money import MONEY

Words = tuple[str | Promise, str | Promise]

READING: dict[str, Words] = {
    "too-big": (
        _("The file has %(bytes)s bytes; a playbook has at most %(limit)s."),
        _("Keep pictures and courseware elsewhere and link to them."),
    ),
    "not-utf-8": (
        _("The file is not written in UTF-8."),
        _("Save it again in your editor with the encoding UTF-8."),
    ),
    "syntax": (
        _("This cannot be read as YAML: %(problem)s"),
        _(
            "Look at the indentation (spaces, never tabs), at colons and at quotes here and in the "
            "line above; a text with «: » or « #» in it must stand in quotes."
        ),
    ),
    "hidden-character": (
        _("There is a character that cannot be seen: %(character)s."),
        _("Delete it; it often comes along when text is pasted. Type the passage again."),
    ),
    "empty-file": (
        _("The file is empty."),
        _("Begin with a copy of a playbook that works, such as newcomer-7-21.yaml."),
    ),
    "not-a-playbook": (
        _("This is no playbook: the file must consist of fields such as «key: value»."),
        _("Begin with a copy of a playbook that works, such as newcomer-7-21.yaml."),
    ),
    "second-document": (
        _("A second document begins here."),
        _("One file is one playbook: delete the line «---» or what follows."),
    ),
    "directive": (
        _("Directives such as «%%YAML» are not read."),
        _("Delete the lines that begin with a percent sign."),
    ),
    "anchor": (
        _("Anchors (&) and aliases (*) are not read."),
        _("Write the passage out where it is needed; a text that begins so must stand in quotes."),
    ),
    "tag": (
        _("Tags such as %(tag)s are not read."),
        _("Delete the tag; a text that begins with an exclamation mark must stand in quotes."),
    ),
    "too-deep": (
        _("Fields are nested more than %(limit)s levels deep."),
        _("No part of a playbook is that deep: look at the indentation and at brackets."),
    ),
    "too-many-words": (
        _("The file has more than %(limit)s fields and entries."),
        _("No programme needs so many. Look for a passage that is there many times."),
    ),
    "key-not-text": (
        _("The name of a field must be a plain word."),
        _("Write «name: value»; if this is a text, put it in quotes."),
    ),
    "said-twice": (
        _("«%(name)s» stands here a second time; the first is in line %(first)s."),
        _("Keep one of the two."),
    ),
}

FORM: dict[str, Words] = {
    "missing": (
        _("«%(name)s» is missing."),
        _("Add the field here; the reference of playbooks says what it takes."),
    ),
    "unknown-field": (
        _("There is no field «%(name)s» here."),
        _("Delete it, or write the name of a field that there is."),
    ),
    "unknown-kind": (
        _("There is no kind of beat «%(given)s»."),
        _("Choose one of: %(choices)s."),
    ),
    "not-a-choice": (
        _("«%(given)s» is not possible here."),
        _("Choose one of: %(choices)s."),
    ),
    "empty": (
        _("Nothing stands here."),
        _("Write a value, or delete the field if it may be left out."),
    ),
    "text-expected": (
        _("Here must be a text."),
        _('Put it in quotes, for example "12".'),
    ),
    "text-too-short": (
        _("The text has %(length)s characters; at least %(limit)s are needed."),
        _("Write a little more, or join it with the next one."),
    ),
    "text-too-long": (
        _("The text has %(length)s characters; at most %(limit)s fit."),
        _("Shorten it, or make two of it."),
    ),
    "one-line": (
        _("A name must be on one line, without spaces around it."),
        _("Write it on one line."),
    ),
    "key": (
        _("«%(given)s» cannot be a key."),
        _("Use up to 40 small letters a–z, digits and hyphens, for example d01-morning."),
    ),
    "link": (
        _("«%(given)s» is no link."),
        _("Write the whole address, beginning with https://."),
    ),
    "number-expected": (
        _("Here must be a whole number, not «%(given)s»."),
        _("Write digits only, without quotes."),
    ),
    "number-too-small": (
        _("%(given)s is too small."),
        _("Write %(limit)s or more."),
    ),
    "number-too-large": (
        _("%(given)s is too large."),
        _("Write %(limit)s or less."),
    ),
    "list-expected": (
        _("Here must be a list."),
        _("Write one item a line, each beginning with a hyphen, or [one, two]."),
    ),
    "list-too-short": (
        _("The list has %(length)s items; at least %(limit)s are needed."),
        _("Add what is missing."),
    ),
    "list-too-long": (
        _("The list has %(length)s items; at most %(limit)s are possible."),
        _("Leave some out."),
    ),
    "fields-expected": (
        _("Here must be fields such as «key: value», not «%(given)s»."),
        _("Write the fields one below the other, further in than this line."),
    ),
    "duration": (
        _("«%(given)s» is no duration."),
        _("Write a number and m, h or d for minutes, hours or days, for example 90m."),
    ),
    "local-time": (
        _("«%(given)s» is no time of day."),
        _('Write hours and minutes with two digits each, in quotes, for example "09:30".'),
    ),
    "yuan": (
        _("«%(given)s» is no amount in yuan."),
        _('Write it in quotes with at most two decimals, for example "12.50".'),
    ),
    "amount": (
        _("«%(given)s» is no amount."),
        _('Write it in quotes with at most six decimals, for example "12.34".'),
    ),
    "window": (
        _("«%(given)s» is no window."),
        _("Write a number and m, h or d, for example 3d, or until which day's end: «day 1»."),
    ),
    "late": (
        _("«%(given)s» does not say what to do when it is late."),
        _("Write always, skip, or how late it may be, for example 1h."),
    ),
    "effort": (
        _("«%(given)s» is no effort."),
        _("Write 10s, 30s, or a number and m, h or d, for example 15m."),
    ),
    "form": (
        _("This is not right: %(problem)s."),
        _("The reference of playbooks says what belongs here."),
    ),
}

CALENDAR: dict[str, Words] = {
    "key-twice": (
        _("The key «%(key)s» is taken: see line %(first)s."),
        _("Give each one a key of its own."),
    ),
    "day-outside": (
        _("This day is outside the line, which has %(days)s days."),
        _("Choose a day from 1 to %(days)s, or make a phase longer."),
    ),
    "talk-past-midnight": (
        _(
            "The talk takes %(minutes)s minutes from its first message to its question and runs "
            "past midnight."
        ),
        _("Begin earlier, or shorten the pauses («every»)."),
    ),
    "same-minute": (
        _("«%(other)s», of the same kind, is due in the same minute."),
        _("Move one of the two."),
    ),
    "talks-overlap": (
        _("The talk «%(other)s» is still going on at this time."),
        _("Begin after its question, or shorten its pauses."),
    ),
    "packet-past-end": (
        _("The packet expires after the line has ended (day %(days)s, midnight)."),
        _("Send it earlier, or let it expire sooner."),
    ),
    "second-call": (
        _("There is a call already: «%(first)s». A person opts in once in a line."),
        _("Keep one call, and make a post of the other."),
    ),
    "unknown-phase": (
        _("There is no phase «%(name)s»."),
        _("Write the key of one of the phases."),
    ),
    "opens-no-later-phase": (
        _(
            "«%(name)s» does not come after the phase of this call: nobody would enter a second "
            "group."
        ),
        _("Open the phase that follows, or call on an earlier day."),
    ),
    "phase-not-entered": (
        _("Nobody enters the phase «%(name)s»: no call opens it."),
        _("Add a call in the phase before it, with «opens: %(name)s»."),
    ),
    "call-window": (
        _("Opting in counts longer than the phase «%(name)s» goes on."),
        _("Shorten the window, or call earlier."),
    ),
    "closed-twice": (
        _("This phase is closed already by «%(other)s»."),
        _("Keep the later of the two."),
    ),
    "not-closed": (
        _("The phase «%(name)s» is never closed."),
        _("Add a beat of kind close on its last day, with «phase: %(name)s»."),
    ),
    "close-day": (
        _("The phase «%(name)s» ends on day %(day)s, not on this one."),
        _("Write day %(day)s, or change the length of the phase."),
    ),
    "after-the-close": (
        _("This happens when «%(other)s» has already closed the phase."),
        _("Move it before the close, or close later."),
    ),
}

TASKS: dict[str, Words] = {
    "unknown-task": (
        _("There is no task «%(name)s»."),
        _("Write the key of one of the tasks."),
    ),
    "task-twice": (
        _("The task «%(name)s» is in this list twice."),
        _("Delete one; a task that comes again is opened by another beat."),
    ),
    "task-not-opened": (
        _("No beat opens the task «%(name)s»."),
        _("Add it to a beat of kind tasks, say which task or level it comes after, or delete it."),
    ),
    "opened-twice": (
        _("This task opens by finishing «%(after)s», and a beat opens it as well."),
        _("Take it out of the beat, or delete «after»."),
    ),
    "level-alone": (
        _("This task opens with the level «%(level)s»; nothing else opens it, and it comes once."),
        _("Take it out of the beats and delete «after» and «repeat», or delete «level»."),
    ),
    "repeats-after": (
        _("This task opens by finishing «%(after)s»; it cannot come again by itself as well."),
        _("Delete «repeat», or delete «after» and open it by a beat."),
    ),
    "repeats-past-end": (
        _("First opened by «%(beat)s», it would come again after the last day (%(days)s)."),
        _("Lower at_most, or open the task earlier."),
    ),
    "after-itself": (
        _("Nobody ever gets to the task «%(name)s»: it comes after itself."),
        _("Open it, or one of those before it, by a beat, and delete «after» there."),
    ),
    "tasks-before-the-call": (
        _("Tasks are for those who opted in; here nobody is in the phase «%(name)s» yet."),
        _("Open the tasks on a day of that phase."),
    ),
    "window-past-end": (
        _(
            "Opened by «%(beat)s», the task could be done after the line has ended (day %(days)s, "
            "midnight)."
        ),
        _("Shorten the window, or open the task earlier."),
    ),
    "quiz-without-questions": (
        _("A quiz needs questions."),
        _("Add them under «quiz»: ask, options, and answer, the number of the right option."),
    ),
    "questions-without-quiz": (
        _("Questions belong to tasks of kind quiz; this one is %(kind)s."),
        _("Delete the questions, or write «kind: quiz»."),
    ),
    "measured-without-measure": (
        _("A measured task needs a measure."),
        _("Add it under «measure»: fact, count, and at_least or more_than."),
    ),
    "measure-without-measured": (
        _("A measure belongs to tasks of kind measured; this one is %(kind)s."),
        _("Delete the measure, or write «kind: measured»."),
    ),
    "proof-not-needed": (
        _("A task of kind %(kind)s proves itself, so nobody sends a picture of it."),
        _("Delete «proof», or choose a kind that a person sees, such as tick or post_moment."),
    ),
    "recheck-without-proof": (
        _("Only pictures are looked at once more."),
        _("Write «proof: photo» as well, or delete «recheck»."),
    ),
    "one-bar": (
        _("A measured task has one bar: at_least or more_than, and no target."),
        _("Write one of the two under «measure» and delete the others."),
    ),
    "whole-bar": (
        _("What is counted as %(count)s is a whole number."),
        _("Write a whole number, or count a sum or the largest amount."),
    ),
    "bar-of-nothing": (
        _("At least nothing is done before it begins."),
        _("Write more than 0."),
    ),
    "answer-outside": (
        _("There are only %(options)s options."),
        _("Write the number of the right option, counted from 1."),
    ),
    "option-twice": (
        _("This option stands in the list twice."),
        _("Write another one."),
    ),
    "one-target": (
        _("A task of kind %(kind)s is done once."),
        _("Delete the target; for more, make several tasks."),
    ),
    "lesson-to-nobody": (
        _("A lesson is taught to people: one answer is no lesson."),
        _("Write how many people answer its question: %(least)s or more, such as «target: 5»."),
    ),
    "too-few-days": (
        _("From «%(by)s» to the end of its window there are only %(days)s days."),
        _("Ask for fewer days, or lengthen the window."),
    ),
    "makeups-without-streak": (
        _("A make-up card fills a missed day of a streak, and this task counts none."),
        _("Delete «makeups», or write «count: streak» under «measure»."),
    ),
    "makeups-are-all": (
        _("With so many make-up cards nobody has to do anything on the %(days)s days."),
        _("Write fewer cards than days."),
    ),
    "too-few-tasks": (
        _("Nobody can reach this: the playbook has %(count)s tasks."),
        _("Ask for %(count)s or fewer."),
    ),
    "too-few-lessons": (
        _("Nobody can reach this: the playbook has %(count)s tasks of kind teach_lesson."),
        _("Ask for %(count)s or fewer."),
    ),
    "supervisor-easier": (
        _("A supervisor would prove less than an owner, of whom %(owner)s are asked."),
        _("Write %(owner)s or more."),
    ),
    "supervisor-laxer": (
        _("A supervisor would be allowed more than an owner, who is allowed %(owner)s."),
        _("Write %(owner)s or less."),
    ),
}

WEEKS: dict[str, Words] = {
    "week-outside": (
        _("The cycle has %(weeks)s weeks; this beat would never come."),
        _("Choose a week from 1 to %(weeks)s, or make the cycle longer («weeks»)."),
    ),
}

WORDS: dict[str, Words] = {**READING, **FORM, **CALENDAR, **TASKS, **MONEY, **WEEKS}
