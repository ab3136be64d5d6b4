"""What a kind of trial found, and the table of all."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Report:
    """How often something was tried and what was wrong afterwards: (which trial, what)."""

    name: str
    tried: int = 0
    findings: list[tuple[str, str]] = field(default_factory=list)
    failed: int = 0  # trials with a finding
    seconds: float = 0.0
    prepared: float = 0.0
    note: str = ""

    def add(self, trial: str, found: Any) -> None:
        told = [str(found)] if isinstance(found, Exception) else list(found)
        self.failed += bool(told)
        self.findings += [(trial, each) for each in told]

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name, "tried": self.tried, "failed": self.failed, "seconds": round(self.seconds, 1),
            "prepared": round(self.prepared, 1), "note": self.note,
            "findings": [list(each) for each in self.findings[:200]],
        }  # fmt: skip


def table(reports: list[Report]) -> str:
    """One line for each kind; below it what was found, most frequent first."""
    lines = [f"{'trial':<34} {'tried':>7} {'failed':>7} {'seconds':>9}  "]
    for each in reports:
        lines.append(f"{each.name:<34} {each.tried:>7} {each.failed:>7} {each.seconds:>9.1f}  {each.note}")
        counted = Counter(what for _trial, what in each.findings)
        for what, count in counted.most_common(20):
            first = next(trial for trial, found in each.findings if found == what)
            lines.append(f"    {count} × {what}  ({first})")
    return "\n".join(lines)
