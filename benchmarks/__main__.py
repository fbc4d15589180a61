"""`make bench`: six measurements, one table, and the readings in var/bench.json.

`make bench ONLY=1,3 RUNS=1` is a quick one.
"""

import argparse
import signal
import sys
from collections.abc import Callable
from typing import Final

from benchmarks.measures import acks, claims, fairness, idle, processes, throughput
from benchmarks.measures.bench import Bench
from benchmarks.stand import Stand
from benchmarks.table import REPORT, Report, machine

MEASURES: Final[dict[int, Callable[[Bench], None]]] = {
    1: throughput.measure,
    2: claims.measure,
    3: fairness.measure,
    4: acks.measure,
    5: processes.measure,
    6: idle.measure,
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--only", default="1,2,3,4,5,6", help="which of the six, with commas")
    parser.add_argument("--runs", type=int, default=5, help="of which the table shows the median")
    parser.add_argument("--due", type=int, default=10_000, help="how many fall due at once")
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))  # which stops the database and the stub too
    report = Report(given.runs)
    print(f"{machine()}; medians of {given.runs}, ratios within one run\n\n{report.head()}", flush=True)
    with Stand() as stand:
        for number in [int(part) for part in given.only.split(",")]:
            MEASURES[number](Bench(stand, report, given.runs, given.due))
            report.write()
    print(f"\nEvery reading: {REPORT}")


if __name__ == "__main__":
    main()
