"""One bot to a SQLite file: what is claimed in it when a bot starts was left behind by one that is gone."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout


class Occupied(Exception):
    """Another process has the file."""


@contextmanager
def only_one(file: Path | None) -> Iterator[None]:
    """Holds `file` for this process until the end of the block; without a file, as for PostgreSQL, nothing happens.

    The lock is the operating system's, on a file beside it, and ends with its process however that ends: nothing is
    left to clean up after a kill. Whoever only looks, or adds a workspace, does not ask for it. Raises Occupied.
    """
    if file is None:
        yield
        return
    file = file.resolve()
    file.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(file.with_name(f"{file.name}.lock"), blocking=False)
    try:
        lock.acquire()
    except Timeout:
        raise Occupied from None
    try:
        yield
    finally:
        lock.release()
