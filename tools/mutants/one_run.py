"""``python -m tools.mutants.one_run NUMBERS FILE``: the mutants of files with the same tests.

Their tests run once with nothing wrong: that collects them, migrates the database, and shows how
long each takes and which functions it runs. From there every mutant is a fork, in which the wrong
is put into the functions where they lie. Only tests that run its function can notice, and the
quickest come first: so a mutant costs what it takes to notice it.
"""

import json
import os
import shutil
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from importlib import import_module
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

import pytest

from loop28.kernel.prepared import WRITTEN
from tools.mutants.targets import TARGETS, Target
from tools.mutants.wrongs import MUTANT, NOTE, Mutant

PATIENCE = 10
"""A mutant that takes so many times as long as its tests did hangs: that is noticed, too."""


Place = tuple[str, str]
"""A file and one of its functions."""


class Planting:
    """A plugin of pytest that runs its tests again for each of these mutants."""

    def __init__(self, wanted: dict[str, list[int]]) -> None:
        self.wanted = {TARGETS[name]: numbers for name, numbers in wanted.items()}
        self.told = os.fdopen(os.dup(sys.stderr.fileno()), "w")  # before pytest captures it
        self.survivors: dict[str, list[Mutant]] = {name: [] for name in wanted}
        self.noted: set[Place] = set()
        self.ran: dict[pytest.Item, frozenset[Place]] = {}
        self.took: dict[pytest.Item, float] = {}

    def pytest_sessionstart(self) -> None:
        """To find one example that fails is enough; nobody wants the smallest."""
        from hypothesis import Phase, settings

        phases = [Phase.explicit, Phase.generate]
        settings.register_profile("mutants", parent=settings.get_profile("ci"), phases=phases)
        settings.load_profile("mutants")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if session.testsfailed:
            pytest.exit("the tests could not be collected", returncode=1)
        self._plant_notes()
        tests = self._quickest_first(session)
        for target, numbers in self.wanted.items():
            module, mutants = import_module(target.module), target.mutants()
            for mutant in map(mutants.__getitem__, numbers):
                noticing = [test for test in tests if self._may_notice(test, target, mutant)]
                if self._survives(session, noticing, module, mutant):
                    self.survivors[target.name].append(mutant)
                    said = f"{target.name}, line {mutant.line}: {mutant.change} survived"
                    print(said, file=self.told, flush=True)
        session._setupstate.teardown_exact(None)
        return True

    def _plant_notes(self) -> None:
        """From now on ``noted`` has every function that runs, by its file and name."""
        for target in self.wanted:
            module = import_module(target.module)
            setattr(module, NOTE, partial(self._note, target.name))
            plant(module, target.noting())
        self.on_import = set(self.noted)

    def _note(self, name: str, where: str) -> None:
        self.noted.add((name, where))

    def _may_notice(self, test: pytest.Item, target: Target, mutant: Mutant) -> bool:
        """Whether the test runs the function, or what the function made is there from the start."""
        place = target.name, mutant.where
        return mutant.where == "module" or place in self.on_import or place in self.ran[test]

    def _quickest_first(self, session: pytest.Session) -> list[pytest.Item]:
        for item, following in _in_a_ring(session.items):
            self.noted.clear()
            WRITTEN.clear()
            start = time.process_time()
            session.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            self.took[item] = time.process_time() - start
            self.ran[item] = frozenset(self.noted)
        if session.testsfailed:
            pytest.exit("the tests fail without any mutant", returncode=1)
        return sorted(session.items, key=lambda item: self.took[item])

    def _survives(
        self,
        session: pytest.Session,
        tests: Sequence[pytest.Item],
        module: ModuleType,
        mutant: Mutant,
    ) -> bool:
        with _database_put_back():
            child = os.fork()
            if not child:
                os.setsid()
                _live(session, tests, module, mutant)
            patience = 30 + PATIENCE * sum(self.took[test] for test in tests)
            return _ended_well(child, time.monotonic() + patience)


def _live(
    session: pytest.Session, tests: Sequence[pytest.Item], module: ModuleType, mutant: Mutant
) -> None:
    """The life of a child: 0 when no test notices anything. Never comes back."""
    noticed = 1
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    with suppress(BaseException):
        plant(module, mutant.code)
        WRITTEN.clear()
        for item, following in _in_a_ring(tests):
            session.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if session.testsfailed:
                break
        else:
            noticed = 0
    os._exit(noticed)


def plant(module: ModuleType, code: CodeType) -> None:
    """Make a module's functions and constants what they are in this code, for all who know them.

    Functions keep their identity and get other code: they were imported by name, wrapped,
    registered. A constant is replaced wherever it has its name.
    """
    wrong = {name: vars(module).get(name) for name in ("__name__", "__file__", NOTE)}
    exec(code, wrong)  # noqa: S102 - our own source
    for name, old in list(vars(module).items()):
        new = wrong.get(name)
        if getattr(old, "__module__", module.__name__) != module.__name__ or name.startswith("__"):
            continue
        if isinstance(new, FunctionType):
            _recode(old, new)
        elif isinstance(new, type):
            for method, it in vars(new).items():
                written = isinstance(it, FunctionType) and it.__code__.co_filename == MUTANT
                if written and method in vars(old):
                    _recode(vars(old)[method], it)
        elif name in wrong and new != old:
            for other in list(sys.modules.values()):
                if getattr(other, "__dict__", {}).get(name) is old:
                    setattr(other, name, new)


def _recode(old: Any, new: FunctionType) -> None:
    while hasattr(old, "__wrapped__"):
        old = old.__wrapped__
    old.__code__, old.__defaults__ = new.__code__, new.__defaults__
    old.__kwdefaults__ = new.__kwdefaults__


def _in_a_ring(tests: Sequence[pytest.Item]) -> list[tuple[pytest.Item, pytest.Item]]:
    """Each with what follows; after the last comes the first, so that nothing is taken down."""
    return list(zip(tests, [*tests[1:], *tests[:1]], strict=True))


@contextmanager
def _database_put_back() -> Iterator[None]:
    """What a mutant did to the database, no other one sees."""
    from django.db import connections

    connections.close_all()
    file = Path(connections["default"].settings_dict["NAME"])
    kept = file.with_suffix(".kept")
    if file.exists():  # not where no test of the target asks for it
        shutil.copy(file, kept)
    yield
    for leftover in file.parent.glob(f"{file.name}-*"):
        leftover.unlink()
    if kept.exists():
        kept.replace(file)


def _ended_well(child: int, until: float) -> bool:
    """Whether it exits with 0 before that; what it started itself ends with it in any case."""
    status = None
    while status is None and time.monotonic() < until:
        ended, how = os.waitpid(child, os.WNOHANG)
        status = how if ended else None
        time.sleep(0.01)
    with suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    if status is None:
        os.waitpid(child, 0)
    return status == 0


def main() -> None:
    wanted, told = sys.argv[1:]
    planting = Planting(json.loads(wanted))
    (tests,) = {target.tests for target in planting.wanted}
    options = ["--database", "sqlite", "-q", "-p", "no:cacheprovider"]
    code = pytest.main([*options, *tests], plugins=[planting])
    if code:
        sys.exit(code)
    rows = {
        name: [(m.where, m.line, m.change) for m in survivors]
        for name, survivors in planting.survivors.items()
    }
    Path(told).write_text(json.dumps(rows))


if __name__ == "__main__":
    main()
