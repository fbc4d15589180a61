"""1. Messages a second with ten thousand due at once: against the bare SDK, and against other ways to send on time."""

from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any, Final

from benchmarks.measures.bench import NAMES, Bench, cost, rate
from benchmarks.sides.ceiling import AT_ONCE
from benchmarks.stand import Kind
from benchmarks.table import Line, at_least, median_of
from bot.delivery.dispatcher import CONNECTIONS

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
        if latency:
            _against_the_ceiling(bench, kind, latency, None, at_once=CONNECTIONS)
    for peer in PEERS:
        _against_a_peer(bench, peer)


def _against_the_ceiling(
    bench: Bench, kind: Kind, latency: float, target: float | None, *, at_once: int = AT_ONCE
) -> None:
    """Side by side, and the other way round each time, since the machine is never the same twice. `at_once`: calls that
    the SDK makes; what is asked is asked of a session as it comes, whose connections are fewer than ours."""
    name = _name(kind, latency) + ("" if at_once == AT_ONCE else f", {at_once} calls each")
    ratios = []
    for run in range(bench.runs):
        sides = [
            ("ours", lambda: bench.buddy(kind, bench.people, latency=latency)),
            ("ceiling", _ceiling(bench, latency, at_once)),
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
            **_verdict(median_of(ratios, float), target),
        )
    )


def _verdict(ratio: float, target: float | None) -> dict[str, Any]:
    return {"ratio": ratio} if target is None else at_least(ratio, target)


def _ceiling(bench: Bench, latency: float, at_once: int) -> Any:
    def run() -> dict[str, Any]:
        stand = bench.stand
        stand.slack("reset", latency=latency)
        given: dict[str, Any] = {"messages": bench.due, "workspaces": bench.people.workspaces, "at_once": at_once}
        with stand.child("ceiling", stub=stand.stub, **given) as child:
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
    bench.report.add(Line(1, what, _said(ours), f"{peer.name} {_said(readings)}", **_verdict(ratio, peer.target)))


def _name(kind: Kind, latency: float) -> str:
    return NAMES[kind] + (f", {latency * 1000:.0f} ms latency" if latency else "")


def _said(readings: list[dict[str, Any]]) -> str:
    work, memory = median_of(readings, cost) * 1e6, median_of(readings, lambda one: one["rss"])
    return f"{median_of(readings, rate):,.0f}/s, {work:.0f} µs CPU each, {memory:.0f} MB"
