"""2. Looking for what is due with ten thousand, a hundred thousand and a million schedules: it takes the same time."""

import statistics
from typing import Any, Final

from benchmarks.measures.bench import NAMES, Bench
from benchmarks.seeding import Population
from benchmarks.stand import KINDS, Kind
from benchmarks.table import Line, at_most, median_of

SIZES: Final = (10_000, 100_000, 1_000_000)
WHAT: Final = {"poll": "idle poll", "claim": "claim of 500", "open": "opening of 500"}
START: Final = 2.0
"""Seconds of work that a start may take with a million schedules."""


def measure(bench: Bench) -> None:
    for kind in KINDS:
        _measure(bench, kind)


def _measure(bench: Bench, kind: Kind) -> None:
    for _ in range(bench.runs):
        for size in SIZES:
            bench.report.note(f"2 {kind}, {size}", _run(bench, kind, size))
    few, some, many = (bench.report.readings[f"2 {kind}, {size}"] for size in SIZES)
    for name, what in WHAT.items():
        ratios = [_took(more, name) / _took(less, name) for less, more in zip(few, many, strict=True)]
        took = [f"{median_of(readings, lambda one: _took(one, name)) * 1000:.1f}" for readings in (few, some, many)]  # noqa: B023
        bench.report.add(
            Line(
                2,
                f"{what}, {SIZES[-1]:,} schedules, {NAMES[kind]}",
                f"{took[2]} ms",
                f"{took[0]} ms at 10,000, {took[1]} at 100,000",
                **at_most(statistics.median(ratios), 1.3),
            )
        )
    work = median_of(many, lambda one: one["start"]["cpu"])
    waited = median_of(many, lambda one: one["start"]["seconds"])
    bench.report.add(
        Line(
            2,
            f"start with {SIZES[-1]:,} schedules, {NAMES[kind]}",
            f"{work:.2f} s of work",
            f"{waited:.2f} s by the clock",
            target=f"<= {START:g} s",
            holds=work <= START,
        )
    )


def _run(bench: Bench, kind: Kind, size: int) -> dict[str, Any]:
    stand = bench.stand
    with stand.database(kind, Population(100, size, spread=True, history=True)) as url:
        stand.slack("reset")
        with stand.child("claims", url=url, stub=stand.stub, schedules=size) as child:
            child.ready()
            child.go()
            return child.result()


def _took(reading: dict[str, list[float]], name: str) -> float:
    return statistics.median(reading[name])
