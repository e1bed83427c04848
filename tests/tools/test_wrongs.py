"""The wrongs that mutation testing plants."""

import sys
from types import ModuleType

import pytest

from tools.mutants.one_run import plant
from tools.mutants.targets import TARGETS
from tools.mutants.wrongs import NOTE, Mutant, mutants, noting

SOURCE = '''
from functools import wraps

MOST = 3
KINDS = {"a", "b"}


def loud(verb):
    @wraps(verb)
    def run(*args):
        return verb(*args)

    return run


@loud
def fits(size: int = 1) -> bool:
    """How it is said is nobody's business."""
    return size <= MOST and "a" in KINDS
'''


def changes(source):
    return [(m.where, m.change) for m in mutants(source)]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a = 1 < 2", ["1 < 2 → 1 <= 2", "1 → 2", "2 → 3"]),
        ("a = b + c", ["b + c → b - c"]),
        ("a = not b", ["not b → b"]),
        ("a = b and c", ["b and c → b or c"]),
        ("a = {b, c}", ["without b", "without c"]),
        ("a = min(b, c)", ["min(b, c) → max(b, c)"]),
        ("a = rows.filter(b=c)", ["rows.filter(b=c) → rows.filter()"]),
        ("a = rows.order_by('b')", ["rows.order_by('b') → rows"]),
        ("do(it)", ["do(it) → pass"]),
        ("if a: b()", ["if a → if not a", "b() → pass"]),
        ("a = zip(b, c, strict=True)", []),
        ("a: 'b' = 'words'", []),
    ],
)
def test_each_is_one_small_step_from_what_is_written(source, expected):
    assert sorted(change for _, change in changes(source)) == sorted(expected)


def test_a_wrong_says_in_which_function_it_is():
    assert ("fits", "size <= MOST → size < MOST") in changes(SOURCE)
    assert ("module", "3 → 4") in changes(SOURCE)


@pytest.fixture
def module(monkeypatch):
    made = ModuleType("made")
    monkeypatch.setitem(sys.modules, "made", made)
    made.__file__ = "made.py"
    exec(SOURCE, vars(made))  # noqa: S102
    return made


def planted(change) -> Mutant:
    return next(m for m in mutants(SOURCE) if m.change == change)


def test_it_is_planted_in_what_others_have_imported_already(module):
    imported = module.fits
    plant(module, planted("size <= MOST → size < MOST").code)
    assert not imported(3)
    plant(module, planted("3 → 4").code)
    assert imported(4)


def test_without_a_wrong_nothing_changes_and_each_function_says_that_it_runs(module):
    ran: list[str] = []
    module.__dict__[NOTE] = ran.append
    plant(module, noting(SOURCE))
    assert ran == []
    assert [module.fits(size) for size in (3, 4)] == [True, False]
    assert ran == ["fits", "fits"]


@pytest.mark.parametrize("name", TARGETS)
def test_every_target_has_wrongs_and_tests(name):
    target = TARGETS[name]
    wrongs = target.mutants()
    assert wrongs
    assert target.functions <= {mutant.where for mutant in wrongs}
