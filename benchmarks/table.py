"""The one table, and its numbers as JSON."""

import json
import os
import platform
import statistics
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

REPORT: Final = Path("var/bench.json")


@dataclass(frozen=True)
class Line:
    """One answer: what was measured, what it was measured against, their ratio and what it has to be.

    `holds` is None where nothing is promised.
    """

    measure: int
    what: str
    value: str
    against: str = ""
    ratio: float | None = None
    target: str = ""
    holds: bool | None = None


@dataclass
class Report:
    """Lines, and every single reading behind them."""

    runs: int
    lines: list[Line] = field(default_factory=list)
    readings: dict[str, list[Any]] = field(default_factory=dict)

    def note(self, name: str, reading: Any) -> Any:
        """Keeps a reading; returns it."""
        self.readings.setdefault(name, []).append(reading)
        return reading

    def add(self, line: Line) -> None:
        self.lines.append(line)
        print(_row(_cells(line), WIDTHS), flush=True)

    def write(self) -> None:
        """The JSON."""
        REPORT.parent.mkdir(exist_ok=True)
        body = {
            "machine": machine(),
            "runs": self.runs,
            "lines": [asdict(line) for line in self.lines],
            "readings": self.readings,
        }
        REPORT.write_text(json.dumps(body, indent=1) + "\n")

    def head(self) -> str:
        return "\n".join([_row(HEADINGS, WIDTHS), _row(["-" * width for width in WIDTHS], WIDTHS)])


HEADINGS: Final = ("", "what", "measured", "against", "ratio", "to be", "")
WIDTHS: Final = (1, 44, 34, 47, 6, 8, 3)


def at_least(ratio: float, target: float) -> dict[str, Any]:
    return {"ratio": ratio, "target": f">= {target:g}", "holds": ratio >= target}


def at_most(ratio: float, target: float) -> dict[str, Any]:
    return {"ratio": ratio, "target": f"<= {target:g}", "holds": ratio <= target}


def median_of(readings: Sequence[Any], of: Callable[[Any], float]) -> float:
    return statistics.median(of(reading) for reading in readings)


def machine() -> str:
    """Where it ran: ratios travel, numbers do not."""
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        found = [line for line in cpuinfo.read_text().splitlines() if line.startswith("model name")]
        model = found[0].partition(":")[2].strip() if found else model
    return f"{os.cpu_count()} cores, {model}, {platform.system()}, Python {platform.python_version()}"


def _cells(line: Line) -> Sequence[str]:
    ratio = "" if line.ratio is None else f"{line.ratio:.2f}"
    verdict = {None: "", True: "yes", False: "NO"}[line.holds]
    return (str(line.measure), line.what, line.value, line.against, ratio, line.target, verdict)


def _row(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()
