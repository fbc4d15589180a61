"""How much chaos, and which: a seed that is printed when something fails, and sizes for `make test` or `make chaos`."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from random import Random, SystemRandom
from typing import Final

import pytest
from hypothesis import Phase

from tests.chaos.fleet import NurseryClient

SEED: Final = "CHAOS_SEED"
LONG: Final = "CHAOS_LONG"


@dataclass(frozen=True)
class Scale:
    """`patience`: seconds for everything to be said. `block`: seconds for which no event loop may be blocked.
    `examples`: histories that are made up.
    """

    workspaces: int
    crowd: int
    kills: int
    patience: float
    block: float
    examples: int

    @property
    def phases(self) -> tuple[Phase, ...]:
        """A history that goes wrong is made shorter where there is time for that."""
        return (Phase.generate, Phase.shrink) if LONG in os.environ else (Phase.generate,)

    @property
    def people(self) -> int:
        return self.workspaces * self.crowd


@dataclass(frozen=True)
class Ground:
    """Where a test takes place: a database with nobody in it, who works on it, how much of everything, which chaos."""

    url: str
    bots: tuple[str, ...]
    scale: Scale
    seed: int
    place: Path
    nursery: NurseryClient

    @cached_property
    def random(self) -> Random:
        return Random(self.seed)


@pytest.fixture(scope="session")
def nursery() -> Iterator[NurseryClient]:
    client = NurseryClient()
    yield client
    client.close()


@pytest.fixture
def scale() -> Scale:
    if LONG in os.environ:
        return Scale(workspaces=10, crowd=200, kills=30, patience=600.0, block=0.25, examples=200)
    return Scale(workspaces=4, crowd=20, kills=2, patience=240.0, block=5.0, examples=12)


@pytest.fixture(scope="session")
def seed_of_this_run() -> int:
    given = os.environ.get(SEED)
    return int(given) if given else SystemRandom().randrange(1_000_000)


@pytest.fixture
def seed(seed_of_this_run: int) -> int:
    """Printed for each test, so that it stands with what failed."""
    print(f"\nTo see this again: {SEED}={seed_of_this_run}")  # noqa: T201
    return seed_of_this_run


@pytest.fixture
def on_postgresql(postgres_url: str, scale: Scale, seed: int, tmp_path: Path, nursery: NurseryClient) -> Ground:
    """Two processes."""
    return Ground(postgres_url, ("one", "two"), scale, seed, tmp_path, nursery)


@pytest.fixture
def on_sqlite(sqlite_url: str, scale: Scale, seed: int, tmp_path: Path, nursery: NurseryClient) -> Ground:
    """One process, as there may be one only."""
    return Ground(sqlite_url, ("one",), scale, seed, tmp_path, nursery)


@pytest.fixture(params=["sqlite", "postgresql"])
def ground(request: pytest.FixtureRequest) -> Ground:
    """Once of each kind."""
    ground: Ground = request.getfixturevalue(f"on_{request.param}")
    return ground
