"""`python -m benchmarks.sides SIDE ARGUMENTS`: one measured process; the arguments are JSON."""

import asyncio
import importlib
import json
import sys

from benchmarks.sides.gate import Gate, pin


def main() -> None:
    side, arguments = sys.argv[1], json.loads(sys.argv[2])
    pin(arguments.pop("cores", ()))
    run = importlib.import_module(f"benchmarks.sides.{side}").run
    print(json.dumps(asyncio.run(run(Gate(), **arguments))), flush=True)


if __name__ == "__main__":
    main()
