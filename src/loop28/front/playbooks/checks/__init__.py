"""What must hold between the fields of a playbook: one small function for each rule. Pure.

A check gets the draft and yields its mistakes. It stays silent where what it looks at has a mistake
of its own, so that one slip of the pen is one mistake.
"""

from collections.abc import Callable, Iterator

from loop28.front.playbooks.checks import calendar, limits, money, tasks
from loop28.front.playbooks.form import Draft
from loop28.front.playbooks.mistakes import Mistake

Check = Callable[[Draft], Iterator[Mistake]]

CHECKS: list[Check] = [
    calendar.keys_are_unique,
    calendar.beats_are_within_the_line,
    calendar.talks_end_before_midnight,
    calendar.one_of_a_kind_a_minute,
    calendar.talks_follow_each_other,
    calendar.packets_expire_within_the_line,
    calendar.one_call,
    calendar.calls_open_a_later_phase,
    calendar.later_phases_are_entered_by_a_call,
    calendar.call_windows_end_before_the_phase_is_closed,
    calendar.closed_phases_exist,
    calendar.phases_are_closed_once,
    calendar.phases_are_closed_on_their_last_day,
    calendar.nothing_begins_after_the_close,
    tasks.opened_tasks_exist,
    tasks.tasks_are_opened,
    tasks.tasks_come_after_others,
    tasks.levels_open_alone,
    tasks.what_repeats_opens_by_beats,
    tasks.tasks_open_after_the_call,
    tasks.windows_end_with_the_line,
    tasks.only_a_quiz_has_questions,
    tasks.only_what_is_measured_has_a_measure,
    tasks.only_what_a_person_sees_is_proved_by_a_picture,
    tasks.a_measure_has_one_bar,
    tasks.answers_are_options,
    tasks.targets_fit_their_kind,
    tasks.there_are_days_enough,
    tasks.streaks_have_cards,
    tasks.thresholds_can_be_reached,
    tasks.supervisors_prove_more,
    money.shares_hold_a_fen,
    money.the_hot_product_is_cheaper,
    money.rewards_are_something,
    money.rewards_are_lawful,
    limits.limits_bound_something,
    limits.tiers_bring_more,
    limits.parts_of_the_budget_exist,
    limits.parts_fit_into_the_budget,
    money.the_budget_lasts,
]
