"""What the measurements of a figure say together, for people and for programs."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from bench.figures import Figure


def percentile(values: Sequence[float], percent: int) -> float:
    """The least of the values that so many percent of them do not exceed."""
    ranked = sorted(values)
    return ranked[max(0, -(-len(ranked) * percent // 100) - 1)]


@dataclass
class Result:
    """A figure on one database: its measurements, and pgbench's in the same minutes."""

    figure: Figure
    database: str
    measured: list[dict[str, float]] = field(default_factory=list)
    pgbench_tps: list[float] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        named = ("name", "what", "unit", "at_least", "aim", "repeat")
        keys = self.measured[0] if self.measured else {}
        return {
            **{name: getattr(self.figure, name) for name in named},
            "database": self.database,
            "runs": len(self.measured),
            **{key: _spread([one[key] for one in self.measured]) for key in keys},
            "pgbench_tps": _spread(self.pgbench_tps) if self.pgbench_tps else None,
        }

    def as_text(self) -> str:
        """Three or so lines for a terminal."""
        told = self.as_json()
        title = f"{self.figure.name} · {self.database}: {self.figure.what}"
        unit, value = self.figure.unit, _said(told["value"])
        promised = f"at least {_short(self.figure.at_least)}, aim {_short(self.figure.aim)}"
        lines = [title, f"    {value} {unit} in {told['runs']} runs   ({promised})"]
        details = [key for key in self.measured[0] if key != "value"]
        lines += [f"    {key.replace('_', ' ')}: {_said(told[key])}" for key in details]
        if told["pgbench_tps"]:
            lines.append(f"    pgbench beside it: {_said(told['pgbench_tps'])} tps")
        return "\n".join([*lines, f"    again: {self.figure.repeat}"])


def _spread(values: Sequence[float]) -> dict[str, float]:
    return {"median": median(values), "low": min(values), "high": max(values)}


def _said(spread: dict[str, float]) -> str:
    return "{median} ({low} – {high})".format_map({k: _short(v) for k, v in spread.items()})


def _short(value: float) -> str:
    """Three digits that count, whole thousands with their separator."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
