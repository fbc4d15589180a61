"""1. Messages a second with ten thousand due at once: against the bare SDK, and against other ways to send on time."""

from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any, Final

from benchmarks.measures.bench import NAMES, Bench, cost, rate
from benchmarks.stand import Kind
from benchmarks.table import Line, at_least, median_of

TARGETS: Final[dict[tuple[Kind, float], float]] = {
    ("postgresql", 0.0): 0.85,
    ("sqlite", 0.0): 0.75,
    ("postgresql", 0.05): 0.95,
    ("sqlite", 0.05): 0.95,
}


@dataclass(frozen=True)
class Peer:
    """Another way to send on time. `side`: its module in `benchmarks.sides`. `package`: what has to be installed."""

    side: str
    name: str
    what: str
    kind: Kind
    target: float | None = None
    package: str = "sqlalchemy"


def _jobs(package: str, name: str, kind: Kind, target: float) -> Peer:
    return Peer(f"{package}_jobs", name, "a job a member", kind, target, package)


PEERS: Final = (
    Peer("bare_engine", "rows and the SDK", "no product", "postgresql"),
    Peer("bare_engine", "rows and the SDK", "no product", "sqlite"),
    _jobs("apscheduler", "APScheduler", "postgresql", 5),
    _jobs("apscheduler", "APScheduler", "sqlite", 5),
    _jobs("procrastinate", "procrastinate", "postgresql", 6),
)


def measure(bench: Bench) -> None:
    for (kind, latency), target in TARGETS.items():
        _against_the_ceiling(bench, kind, latency, target)
    for peer in PEERS:
        _against_a_peer(bench, peer)


def _against_the_ceiling(bench: Bench, kind: Kind, latency: float, target: float) -> None:
    """Side by side, and the other way round each time, since the machine is never the same twice."""
    name = _name(kind, latency)
    ratios = []
    for run in range(bench.runs):
        sides = [
            ("ours", lambda: bench.buddy(kind, bench.people, latency=latency)),
            ("ceiling", _ceiling(bench, latency)),
        ]
        rates = {}
        for side, measured in sides if run % 2 else sides[::-1]:
            rates[side] = rate(bench.report.note(f"1 {name}: {side}", measured()))
        ratios.append(bench.report.note(f"1 {name}: ratio", rates["ours"] / rates["ceiling"]))
    ours, ceiling = (bench.report.readings[f"1 {name}: {side}"] for side in ("ours", "ceiling"))
    bench.report.add(
        Line(
            1,
            f"{bench.due:,} due, {name}",
            _said(ours),
            f"bare SDK {_said(ceiling)}",
            **at_least(median_of(ratios, float), target),
        )
    )


def _ceiling(bench: Bench, latency: float) -> Any:
    def run() -> dict[str, Any]:
        stand = bench.stand
        stand.slack("reset", latency=latency)
        with stand.child("ceiling", stub=stand.stub, messages=bench.due, workspaces=bench.people.workspaces) as child:
            child.ready()
            child.go()
            return child.result() | bench.seen(bench.due)

    return run


def _against_a_peer(bench: Bench, peer: Peer) -> None:
    what = f"{peer.what}, {NAMES[peer.kind]}"
    if find_spec(peer.package) is None:
        bench.report.add(Line(1, what, "", f"{peer.package} is not installed: pip install .[bench]"))
        return
    stand, readings = bench.stand, []
    for _ in range(bench.runs):
        with stand.empty(peer.kind) as url:
            stand.slack("reset")
            given: dict[str, Any] = {"messages": bench.due, "workspaces": bench.people.workspaces}
            with stand.child(peer.side, url=url, stub=stand.stub, **given) as child:
                child.ready()
                child.go()
                reading = child.result() | bench.seen(bench.due)
                readings.append(bench.report.note(f"1 {peer.side}, {peer.kind}", reading))
    ours = bench.report.readings[f"1 {_name(peer.kind, 0.0)}: ours"]
    ratio = median_of([rate(one) / rate(other) for one, other in zip(ours, readings, strict=True)], float)
    verdict = {"ratio": ratio} if peer.target is None else at_least(ratio, peer.target)
    bench.report.add(Line(1, what, _said(ours), f"{peer.name} {_said(readings)}", **verdict))


def _name(kind: Kind, latency: float) -> str:
    return NAMES[kind] + (f", {latency * 1000:.0f} ms latency" if latency else "")


def _said(readings: list[dict[str, Any]]) -> str:
    work, memory = median_of(readings, cost) * 1e6, median_of(readings, lambda one: one["rss"])
    return f"{median_of(readings, rate):,.0f}/s, {work:.0f} µs CPU each, {memory:.0f} MB"
