"""What every measurement is given."""

from dataclasses import dataclass
from typing import Any, Final

from benchmarks.seeding import Population
from benchmarks.stand import Kind, Stand
from benchmarks.table import Report

NAMES: Final[dict[Kind, str]] = {"postgresql": "PostgreSQL", "sqlite": "SQLite"}


class Unsound(Exception):
    """A run that did not do what it was measured for: somebody got no message, or two."""


@dataclass(frozen=True)
class Bench:
    """`due`: how many check-ins fall due at once, ten thousand unless told otherwise."""

    stand: Stand
    report: Report
    runs: int
    due: int

    @property
    def people(self) -> Population:
        """A hundred workspaces with an equal share of those who are due."""
        return Population(100, self.due)

    def buddy(self, kind: Kind, people: Population, **slack: Any) -> dict[str, Any]:
        """One run of the product in a process of its own. Raises Unsound unless each member got exactly one.

        `slack`: how the stub is to behave.
        """
        stand = self.stand
        with stand.database(kind, people) as url:
            stand.slack("reset", **slack)
            with stand.child("buddy", url=url, stub=stand.stub, messages=people.asked) as child:
                child.ready()
                child.go()
                found = child.result()
        return found | self.seen(people.asked)

    def seen(self, messages: int) -> dict[str, Any]:
        """What the stub saw. Raises Unsound unless so many members got exactly one message each."""
        seen = self.stand.slack("report")
        if (seen["messages"], seen["members"], seen["most"]) != (messages, messages, 1):
            raise Unsound(f"{seen['messages']} messages for {seen['members']} of {messages} members")
        return {"messages": messages, "size": seen["size"], "teams": seen["teams"]}


def cost(reading: dict[str, Any]) -> float:
    """CPU seconds a message, of the measured process: the more telling number on a busy machine."""
    return float(reading["cpu"] / reading["messages"])


def rate(reading: dict[str, Any]) -> float:
    """Messages a second."""
    return float(reading["messages"] / reading["seconds"])
