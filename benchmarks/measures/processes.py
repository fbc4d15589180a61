"""5. One, two and four processes on one PostgreSQL: what they lose by having to agree who sends what.

All of them share the one core that is kept for what is measured, so that they have the same to spend as one has: what
is missing in messages a second, or is more in CPU seconds a message, went into coordination.
"""

from contextlib import ExitStack
from typing import Any, Final

from benchmarks.measures.bench import Bench, cost, rate
from benchmarks.table import Line, at_most, median_of

SHARED: Final = (2, 4)


def measure(bench: Bench) -> None:
    name = "5 processes"
    for _ in range(bench.runs):
        for count in (1, *SHARED):
            bench.report.note(f"{name}: {count}", _run(bench, count))
    one = bench.report.readings[f"{name}: 1"]
    bench.report.add(Line(5, "one process on PostgreSQL", _said(one)))
    for count in SHARED:
        several = bench.report.readings[f"{name}: {count}"]
        lost = [1 - cost(alone) / cost(shared) for alone, shared in zip(one, several, strict=True)]
        bench.report.add(
            Line(
                5,
                f"{count} processes on the same core: share lost",
                _said(several),
                f"one process {_said(one)}",
                **at_most(median_of(lost, float), 0.15),
            )
        )


def _run(bench: Bench, count: int) -> dict[str, Any]:
    stand = bench.stand
    with stand.database("postgresql", bench.people) as url, ExitStack() as exits:
        stand.slack("reset")
        given: dict[str, Any] = {"url": url, "stub": stand.stub, "messages": bench.due}
        children = [exits.enter_context(stand.child("buddy", **given)) for _ in range(count)]
        for child in children:
            child.ready()
        before = stand.postgres_cpu()
        for child in children:
            child.go()
        found = [child.result() for child in children]
        database = stand.postgres_cpu() - before
    return {
        **bench.seen(bench.due),
        "seconds": max(one["seconds"] for one in found),
        "cpu": sum(one["cpu"] for one in found),
        "database_cpu": database,
    }


def _said(readings: list[dict[str, Any]]) -> str:
    return f"{median_of(readings, rate):,.0f}/s, {median_of(readings, cost) * 1e6:.0f} µs CPU each"
