"""The power goes while SQLite writes: every acknowledged commit is there, and the books agree.

The settings are the product's own (its journal mode, ``synchronous=FULL``); the disk is `platter`.
"""

from random import Random

import pytest

CUTS = 30
"""How often the power goes; for a long run write thousands."""

pytestmark = pytest.mark.django_db(transaction=True)


def test_every_acknowledged_commit_outlives_a_power_cut(computer, deeds):
    told = 0
    for cut in range(CUTS):
        if told == len(deeds):
            computer.install()
            told = 0
        answers = _cut_off(computer, deeds[told:], cut)
        done = told + len(answers)
        assert computer.look_back(deeds[told:done]) == (answers, []), f"after cut {cut}"
        computer.rest()
        told = done


def test_without_syncs_the_same_disk_loses_what_was_acknowledged(computer, deeds):
    """The proof that the test above can fail; about every second cut loses something."""

    def loses(cut):
        answers = _cut_off(computer, deeds, cut, sync=False)
        lost = computer.look_back(deeds[: len(answers)]) != (answers, [])
        computer.install()
        return lost

    assert any(loses(cut) for cut in range(10))


def _cut_off(computer, deeds, cut, **options):
    """What was acknowledged before the power went; the computer is on again."""
    at = Random(cut).randint(1, 300)
    answers = computer.use(deeds, seed=cut, cut_at=at, **options)
    computer.boot()
    return answers
