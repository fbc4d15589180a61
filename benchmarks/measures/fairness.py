"""3. Forty-one workspaces, one of which Slack slows down: the others do not wait for it, and it uses what it may."""

from typing import Any, Final

from benchmarks.measures.bench import NAMES, Bench
from benchmarks.seeding import Population
from benchmarks.stand import KINDS, Kind
from benchmarks.table import Line, at_least, at_most, median_of

OTHERS: Final = Population(40, 4_000)
ALL: Final = Population(40, 4_000, extra=200)
LIMITED: Final = "41"
RATE: Final = 10.0
BURST: Final = 20.0
"""Messages a second, and at once, that the stub takes from the limited one."""


def measure(bench: Bench) -> None:
    for kind in KINDS:
        _measure(bench, kind)


def _measure(bench: Bench, kind: Kind) -> None:
    readings = [bench.report.note(f"3 {kind}", _run(bench, kind)) for _ in range(bench.runs)]
    shares = [one["together"] / one["alone"] for one in readings]
    alone, together = (median_of(readings, lambda one: one[name]) for name in ("alone", "together"))  # noqa: B023
    used = median_of(readings, lambda one: one["used"])
    bench.report.add(
        Line(
            3,
            f"40 workspaces beside a limited one, {NAMES[kind]}",
            f"{together:.2f} s",
            f"{alone:.2f} s alone",
            **at_most(median_of(shares, float), 1.2),
        )
    )
    bench.report.add(
        Line(
            3,
            f"the limited one, {NAMES[kind]}",
            f"{ALL.extra} messages, none lost",
            f"{RATE:.0f}/s allowed",
            **at_least(used, 0.95),
        )
    )


def _run(bench: Bench, kind: Kind) -> dict[str, Any]:
    alone = bench.buddy(kind, OTHERS)
    limit = {"team": LIMITED, "rate": RATE, "burst": BURST}
    together = bench.buddy(kind, ALL, limit=limit)
    messages, first, last = together["teams"][LIMITED]
    return {
        "alone": _finished(alone),
        "together": _finished(together),
        # The last one is due when the bucket has it: by then it gave the burst, and the rest at its rate.
        "used": (messages - BURST) / RATE / (last - first),
    }


def _finished(reading: dict[str, Any]) -> float:
    """Seconds until the last of the forty had its last message."""
    others = [last for team, (_, _, last) in reading["teams"].items() if team != LIMITED]
    return float(max(others) - reading["began"])
