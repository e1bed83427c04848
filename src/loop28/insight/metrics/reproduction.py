"""How many next lines a line brings forth, and how sure that is. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import erfc, exp, lgamma, log, sqrt

WINDOW = timedelta(days=60)
"""How long after its end a line's graduates have for opening theirs to count."""

SURE = 0.9
"""How probable it is that the true number lies in the interval."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """The reproduction number of some lines, with its interval.

    ``lines`` ended, for ``exposure`` windows all together; their graduates opened ``children``.
    """

    lines: int
    children: int
    exposure: float
    low: float
    high: float

    @property
    def number(self) -> float:
        """Next lines a line and window."""
        return self.children / self.exposure


def exposure(ended: datetime, now: datetime) -> float:
    """Which part of the window a line that ended has had: 1 from its 60th day on.

    A younger one counts by its part, as person-time does in a study: as if lines opened evenly over
    the window. Where they open late, young lines make the number a little too small.
    """
    return min(1.0, max(0.0, (now - ended) / WINDOW))


def estimate(lines: Iterable[tuple[float, int]]) -> Estimate | None:
    """The estimate for lines given as (exposure, children); None before a whole window has passed,
    by one line or by several together: until then anything might be true.

    Children of a line are Poisson with the number as their rate. Jeffreys' prior for it is
    Gamma(1/2, 0), and so after k children in t windows it is Gamma(k + 1/2, t). Its middle 90 % is
    the interval; with no child yet it begins at zero. (Brown, Cai and DasGupta 2003, Interval
    Estimation in Exponential Families, Statistica Sinica 13, 19-49.)
    """
    seen = [(part, children) for part, children in lines if part > 0]
    total, born = sum(part for part, _ in seen), sum(children for _, children in seen)
    if total < 1:
        return None
    tail = (1 - SURE) / 2
    low = quantile(born, tail) / total if born else 0.0
    return Estimate(len(seen), born, total, low, quantile(born, 1 - tail) / total)


def quantile(children: int, probability: float) -> float:
    """Where Gamma(children + 1/2, 1) has that much probability below it; found by halving."""
    low, high = 0.0, 1.0
    while _above(children, high) > 1 - probability:
        high *= 2
    while high - low > 1e-9 * high:
        middle = (low + high) / 2
        if _above(children, middle) > 1 - probability:
            low = middle
        else:
            high = middle
    return high


def _above(children: int, value: float) -> float:
    """The probability of Gamma(children + 1/2, 1) above a positive value.

    With a half in the shape it ends after finitely many terms, all positive (DLMF 8.4.14):
    erfc(sqrt x) + exp(-x) times the sum of x^(j - 1/2) / Gamma(j + 1/2) for j from 1 to children.
    """
    terms = (exp((j - 0.5) * log(value) - value - lgamma(j + 0.5)) for j in range(1, children + 1))
    return erfc(sqrt(value)) + sum(terms)
