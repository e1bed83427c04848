"""Tasks, their questions and targets, and the promotion they lead to."""

from collections.abc import Iterator, Mapping

from loop28.front.playbooks.checks.calendar import beats_of, good_calls, phase_of
from loop28.front.playbooks.form import Draft, nearest
from loop28.front.playbooks.mistakes import Mistake
from loop28.front.playbooks.schema import TICKED, WHOLE, OpenTasks, Task
from loop28.front.playbooks.timetable import DAY, MINUTE, since_midnight, start_of
from loop28.kernel.amounts import MILLIONTHS

# Kinds of which there is one to do; the others count days, people, clicks or posts.
_SINGLE = frozenset({"quiz", "tick", "first_order", "name_shop"})

LISTENERS = 2
"""People whose answers make a lesson: one may be oneself on a second phone."""


def opened_tasks_exist(draft: Draft) -> Iterator[Mistake]:
    for index, beat in beats_of(draft, OpenTasks):
        for place, key in enumerate(beat.tasks):
            if key not in draft.task_keys:
                meant = nearest(key, draft.task_keys)
                yield draft.mistake(
                    "unknown-task", "beats", index, "tasks", place, name=key, meant=meant
                )
            elif key in beat.tasks[:place]:
                yield draft.mistake("task-twice", "beats", index, "tasks", place, name=key)


def tasks_are_opened(draft: Draft) -> Iterator[Mistake]:
    if "beats" in draft.broken:
        return
    opened = {key for _, beat in beats_of(draft, OpenTasks) for key in beat.tasks}
    if not opened <= set(draft.task_keys):
        return  # most likely the name that nobody knows was meant for the task that nobody opens
    for index, task in draft.tasks:
        if task.after is None and task.level is None and task.key not in opened:
            yield draft.mistake("task-not-opened", "tasks", index, "key", name=task.key)
        if task.after is not None and task.level is None and task.key in opened:
            yield draft.mistake("opened-twice", "tasks", index, "after", after=task.after)


def tasks_come_after_others(draft: Draft) -> Iterator[Mistake]:
    """What opens by finishing another must come, sooner or later, from something else."""
    before = {task.key: task.after for _, task in draft.tasks if task.after is not None}
    for index, task in draft.tasks:
        if task.after is None:
            continue
        if task.after not in draft.task_keys:
            names = {"name": task.after, "meant": nearest(task.after, draft.task_keys)}
            yield draft.mistake("unknown-task", "tasks", index, "after", **names)
        elif task.key == min(_circle(task.key, before), default=""):
            yield draft.mistake("after-itself", "tasks", index, "after", name=task.key)


def levels_open_alone(draft: Draft) -> Iterator[Mistake]:
    """What opens with a level opens by nothing else, and once."""
    opened = {key for _, beat in beats_of(draft, OpenTasks) for key in beat.tasks}
    for index, task in draft.tasks:
        else_ = task.key in opened or task.after is not None or task.repeat is not None
        if task.level is not None and else_:
            yield draft.mistake("level-alone", "tasks", index, "level", level=task.level)


def what_repeats_opens_by_beats(draft: Draft) -> Iterator[Mistake]:
    for index, task in draft.tasks:
        if task.repeat is not None and task.after is not None and task.level is None:
            yield draft.mistake("repeats-after", "tasks", index, "repeat", after=task.after)


def _circle(key: str, before: Mapping[str, str]) -> list[str]:
    """The tasks that wait for each other with this one; none when it comes from something else."""
    way: list[str] = []
    while key in before and key not in way:
        way.append(key)
        key = before[key]
    return way if key == way[0] else []


def tasks_open_after_the_call(draft: Draft) -> Iterator[Mistake]:
    order = [phase.key for phase in draft.phases]
    firsts = [order.index(call.opens) for _, call in good_calls(draft)]
    for index, beat in beats_of(draft, OpenTasks):
        if firsts and phase_of(draft, beat.day) < min(firsts):
            name = order[min(firsts)]
            yield draft.mistake("tasks-before-the-call", "beats", index, "day", name=name)


def windows_end_with_the_line(draft: Draft) -> Iterator[Mistake]:
    for task_index, task, beat in _openings(draft):
        last = task.opens_last(start_of(beat))
        if last >= draft.days * DAY:
            yield draft.mistake(
                "repeats-past-end", "tasks", task_index, "repeat", beat=beat.key, days=draft.days
            )
        elif task.ends(last) > draft.days * DAY:
            yield draft.mistake(
                "window-past-end", "tasks", task_index, "window", beat=beat.key, days=draft.days
            )


def only_a_quiz_has_questions(draft: Draft) -> Iterator[Mistake]:
    for index, task in draft.tasks:
        if task.kind == "quiz" and not task.quiz:
            yield draft.mistake("quiz-without-questions", "tasks", index, "quiz")
        if task.kind != "quiz" and task.quiz:
            yield draft.mistake("questions-without-quiz", "tasks", index, "quiz", kind=task.kind)


def only_what_is_measured_has_a_measure(draft: Draft) -> Iterator[Mistake]:
    for index, task in draft.tasks:
        if task.kind == "measured" and task.measure is None:
            yield draft.mistake("measured-without-measure", "tasks", index, "kind")
        if task.kind != "measured" and task.measure is not None:
            yield draft.mistake(
                "measure-without-measured", "tasks", index, "measure", kind=task.kind
            )


def only_what_a_person_sees_is_proved_by_a_picture(draft: Draft) -> Iterator[Mistake]:
    for index, task in draft.tasks:
        if task.proof and task.kind not in TICKED:
            yield draft.mistake("proof-not-needed", "tasks", index, "proof", kind=task.kind)
        if task.recheck and not task.proof:
            yield draft.mistake("recheck-without-proof", "tasks", index, "recheck")


def a_measure_has_one_bar(draft: Draft) -> Iterator[Mistake]:
    for index, task in draft.tasks:
        measure = task.measure
        if measure is None:
            continue
        bars = [bar for bar in (measure.at_least, measure.more_than) if bar is not None]
        if len(bars) != 1 or task.target != 1:
            yield draft.mistake("one-bar", "tasks", index, "measure")
        elif measure.count in WHOLE and bars[0] % MILLIONTHS:
            yield draft.mistake("whole-bar", "tasks", index, "measure", count=measure.count)
        elif measure.at_least is not None and measure.at_least <= 0:
            yield draft.mistake("bar-of-nothing", "tasks", index, "measure", "at_least")


def answers_are_options(draft: Draft) -> Iterator[Mistake]:
    for index, task in draft.tasks:
        for place, question in enumerate(task.quiz):
            path = ("tasks", index, "quiz", place)
            options = question.options
            if question.answer > len(options):
                yield draft.mistake("answer-outside", *path, "answer", options=len(options))
            for number, option in enumerate(options):
                if option in options[:number]:
                    yield draft.mistake("option-twice", *path, "options", number)


def targets_fit_their_kind(draft: Draft) -> Iterator[Mistake]:
    for index, task in draft.tasks:
        if task.kind in _SINGLE and task.target > 1:
            yield draft.mistake("one-target", "tasks", index, "target", kind=task.kind)
        if task.kind == "teach_lesson" and task.proof is None and task.target < LISTENERS:
            yield draft.mistake("lesson-to-nobody", "tasks", index, "target", least=LISTENERS)


def there_are_days_enough(draft: Draft) -> Iterator[Mistake]:
    for index, task, beat in _openings(draft):
        days = -(-task.ends(since_midnight(beat.at)) // DAY)
        if task.kind == "checkin" and task.target > days:
            yield draft.mistake("too-few-days", "tasks", index, "target", days=days, by=beat.key)
        if task.streak > days:
            yield draft.mistake("too-few-days", "tasks", index, "measure", days=days, by=beat.key)
    for index, task in draft.tasks:
        days = -(-task.ends(DAY - MINUTE) // DAY)  # opened late on a day, which counts as well
        by = task.after or task.level
        if by is not None and task.streak > days:
            yield draft.mistake("too-few-days", "tasks", index, "measure", days=days, by=by)


def streaks_have_cards(draft: Draft) -> Iterator[Mistake]:
    """A make-up card fills a day of a streak, and not every one of them."""
    for index, task in draft.tasks:
        if task.makeups and not task.streak:
            yield draft.mistake("makeups-without-streak", "tasks", index, "makeups")
        elif task.makeups and task.makeups >= task.streak:
            yield draft.mistake("makeups-are-all", "tasks", index, "makeups", days=task.streak)


def thresholds_can_be_reached(draft: Draft) -> Iterator[Mistake]:
    if draft.promotion is None or "tasks" in draft.broken:
        return
    for level in ("owner", "supervisor"):
        with_it = {"supervisor", level}  # what opens with the level itself comes too late for it
        count = sum(task.level not in with_it for _, task in draft.tasks)
        if getattr(draft.promotion, level).tasks > count:
            yield draft.mistake("too-few-tasks", "promotion", level, "tasks", count=count)
        lessons = sum(task.kind == "teach_lesson" for _, task in draft.tasks)
        if (getattr(draft.promotion, level).lessons or 0) > lessons:
            yield draft.mistake("too-few-lessons", "promotion", level, "lessons", count=lessons)


def supervisors_prove_more(draft: Draft) -> Iterator[Mistake]:
    if draft.promotion is None:
        return
    owner, supervisor = draft.promotion.owner, draft.promotion.supervisor
    for what in ("tasks", "orders", "lessons"):
        asked = getattr(owner, what) or 0
        if (getattr(supervisor, what) or 0) < asked:
            yield draft.mistake("supervisor-easier", "promotion", "supervisor", what, owner=asked)
    for what in ("complaints_max", "refunded_percent_max"):
        most, allowed = getattr(owner, what), getattr(supervisor, what)
        if most is not None and (allowed is None or allowed > most):
            yield draft.mistake("supervisor-laxer", "promotion", "supervisor", what, owner=most)


def _openings(draft: Draft) -> Iterator[tuple[int, Task, OpenTasks]]:
    """Each task with the last beat that opens it, which leaves the least time."""
    for index, task in draft.tasks:
        beats = [
            beat
            for _, beat in beats_of(draft, OpenTasks)
            if task.key in beat.tasks and beat.day <= draft.days
        ]
        if beats:
            yield index, task, max(beats, key=start_of)
