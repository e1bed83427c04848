"""Which files must not be wrong unnoticed, and the tests that are there for each of them."""

from dataclasses import dataclass
from pathlib import Path
from types import CodeType

from tools.mutants.wrongs import Mutant, mutants, noting

ROOT = Path(__file__).parent.parent.parent

LEDGER = ("tests/back/ledger",)
COMPLIANCE = (
    "tests/back/compliance",
    "tests/front/playbooks/test_check.py",
    "tests/front/playbooks/test_how_to.py",
)
FINANCE = ("tests/back/finance", "tests/back/compliance/test_freezes.py")
PACKETS = ("tests/front/packets",)
REWARDS = ("tests/front/rewards",)
SCREENING = (
    "tests/front/lines/test_rules.py",
    "tests/front/lines/test_optin.py",
    "tests/front/lines/test_screening.py",
    "tests/front/lines/test_line.py",
    "tests/front/lines/test_calling.py",
    "tests/front/lines/test_care.py",
)


@dataclass(frozen=True, slots=True)
class Target:
    """A file of the product, the functions where not all of it counts, and its tests."""

    name: str
    tests: tuple[str, ...]
    functions: frozenset[str] = frozenset()

    @property
    def module(self) -> str:
        return "loop28." + self.name.replace("/", ".")

    def mutants(self) -> list[Mutant]:
        """All there are, always in the same order."""
        found = mutants(self._source)
        return [m for m in found if not self.functions or m.where in self.functions]

    def noting(self) -> CodeType:
        """The one that nothing may notice, and that says which functions a test runs."""
        return noting(self._source)

    @property
    def _source(self) -> str:
        return (ROOT / f"src/loop28/{self.name}.py").read_text()


TARGETS = {
    target.name: target
    for target in (
        Target("kernel/money", ("tests/kernel/test_money.py",)),
        Target("back/ledger/accounts", LEDGER),
        Target("back/ledger/rules", LEDGER),
        Target("back/ledger/actions", LEDGER),
        Target("back/ledger/queries", LEDGER),
        Target("back/compliance/rules", COMPLIANCE),
        Target("back/compliance/actions", COMPLIANCE),
        Target("back/compliance/queries", COMPLIANCE),
        Target("back/finance/rules", FINANCE),
        Target("back/finance/steps", FINANCE),
        Target("back/finance/actions", FINANCE),
        Target("front/packets/rules", PACKETS),
        Target("front/packets/actions", PACKETS),
        Target("front/rewards/rules", REWARDS),
        Target("front/rewards/caps", REWARDS),
        Target("front/rewards/capping", REWARDS),
        Target("front/rewards/set_off", REWARDS),
        Target("front/rewards/actions", REWARDS),
        Target("front/rewards/coupons", REWARDS),
        Target("front/rewards/jobs", REWARDS),
        Target("front/lines/rules", SCREENING),
        Target("front/lines/optin", SCREENING),
        Target("front/lines/calling", SCREENING),
        Target("front/lines/reactions", SCREENING, frozenset({"screen", "_called"})),
        Target(
            "front/lines/actions",
            SCREENING,
            frozenset(
                {"screen", "hold_passed", "opt_in", "let_in", "_write_opt_ins"}
                | {"_counts", "_target"}
            ),
        ),
        Target("front/lines/schedule", SCREENING, frozenset({"call_of"})),
        Target(
            "front/lines/seats",
            SCREENING,
            frozenset({"passed", "passed_among", "seats_that_go_on", "stayed_behind"}),
        ),
    )
}
