"""How the sending stands, in numbers: nothing here tells of whom or what."""

from datetime import datetime, timedelta

from bot.domain.records import Record


class Backlog(Record):
    """What should be out by now, and is not.

    `due`: messages whose time has come and that nobody has claimed; `in_flight`: claimed, and not yet through;
    `retrying`: how many of the due ones were tried before; `unopened`: commitments whose check-in has not been written
    yet. `oldest`: since when the oldest of all these is due. `parked`: workspaces that Slack asked us to leave alone.
    """

    due: int
    in_flight: int
    retrying: int
    unopened: int
    oldest: datetime | None
    parked: int

    def late_by(self, now: datetime) -> timedelta:
        """How late the latest one is already."""
        return max(now - self.oldest, timedelta(0)) if self.oldest else timedelta(0)


class Recent(Record):
    """What came of messages lately."""

    sent_in_hour: int
    sent_in_day: int
    failed_in_day: int


class Lease(Record):
    """One process sends what was scheduled in so many workspaces, the last one `until` then."""

    holder: str
    workspaces: int
    until: datetime


class Installations(Record):
    """Workspaces with a token of ours; the last parking, if any, ends at `parked_until`."""

    installed: int
    parked: int
    parked_until: datetime | None
