"""4. How long /commit and a click wait for their ack, idle and while ten thousand go out, against a hello world."""

import socket
import statistics
from collections.abc import Sequence
from typing import Any, Final

from benchmarks.measures.bench import NAMES, Bench
from benchmarks.seeding import Population
from benchmarks.stand import KINDS, Child, Kind
from benchmarks.table import Line, at_most, median_of

ACTORS: Final = 2_000
WORKSPACES: Final = 100
TARGETS: Final = {50: 1.0, 99: 2.0}
"""By percentile, of what Bolt's hello world takes."""

STATES: Final = (("idle", "idle", "idle"), ("busy", "idle", "busy"), ("busy", "busy", "both busy"))
"""Ours, the hello world's, and how that is said. Busy: ten thousand go out from the same process, the hello world's
through the bare SDK."""

SAID: Final = {"command": "/commit", "click": "a click"}


def measure(bench: Bench) -> None:
    for _ in range(bench.runs):
        bench.report.note("4 hello", _hello(bench))
        for kind in KINDS:
            bench.report.note(f"4 {kind}", _buddy(bench, kind))
    hello = bench.report.readings["4 hello"]
    for kind in KINDS:
        ours = bench.report.readings[f"4 {kind}"]
        for state, theirs, said in STATES:
            for act, name in SAID.items():
                for percent, target in TARGETS.items():
                    took, taken = _at(ours, state, act, percent), _at(hello, theirs, act, percent)
                    ratios = [one / other for one, other in zip(took, taken, strict=True)]
                    bench.report.add(
                        Line(
                            4,
                            f"ack of {name}, {said}, {NAMES[kind]}",
                            f"p{percent} {statistics.median(took) * 1000:.1f} ms",
                            f"hello world {statistics.median(taken) * 1000:.1f} ms",
                            **at_most(median_of(ratios, float), target),
                        )
                    )


def _at(readings: Sequence[dict[str, Any]], state: str, act: str, percent: int) -> list[float]:
    return [_percentile(one[state][act], percent) for one in readings]


def _percentile(took: Sequence[float], percent: int) -> float:
    return statistics.quantiles(took, n=100, method="inclusive")[percent - 1]


def _hello(bench: Bench) -> dict[str, Any]:
    stand = bench.stand
    stand.slack("reset")
    given: dict[str, Any] = {"stub": stand.stub, "messages": bench.due, "workspaces": WORKSPACES, "port": free_port()}
    with stand.child("hello", **given) as app:
        return _called(bench, app, given["port"])


def _buddy(bench: Bench, kind: Kind) -> dict[str, Any]:
    stand = bench.stand
    with stand.database(kind, Population(WORKSPACES, bench.due, actors=ACTORS)) as url:
        stand.slack("reset")
        given: dict[str, Any] = {"url": url, "stub": stand.stub, "messages": bench.due, "port": free_port()}
        with stand.child("buddy", **given) as app:
            found = _called(bench, app, given["port"])
            app.result()
        bench.seen(bench.due)
        return found


def _called(bench: Bench, app: Child, port: int) -> dict[str, Any]:
    """First while it rests, then while it sends."""
    stand = bench.stand
    app.ready()
    given: dict[str, Any] = {"port": port, "first": bench.due, "actors": ACTORS, "workspaces": WORKSPACES}
    with stand.child("callers", cores=stand.shared, **given, stub=stand.stub, messages=bench.due) as callers:
        callers.ready()
        callers.go()
        callers.ready()
        callers.go()
        app.go()
        return callers.result()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
