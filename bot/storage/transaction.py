"""One transaction, with every repository at hand."""

from functools import cached_property

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.person import Person
from bot.storage.repositories.acts import Acts
from bot.storage.repositories.agenda import Agenda
from bot.storage.repositories.backlog import Backlogs
from bot.storage.repositories.check_ins import CheckIns, Items
from bot.storage.repositories.commitments import Commitments, Revisions, Stages
from bot.storage.repositories.conversations import Answers, Conversations
from bot.storage.repositories.cues import Cues
from bot.storage.repositories.deliveries import Deliveries
from bot.storage.repositories.leases import Leases
from bot.storage.repositories.openings import Openings
from bot.storage.repositories.people import Agreements, Members, Workspaces
from bot.storage.repositories.pictures import Pictures
from bot.storage.repositories.rests import Rests
from bot.storage.repositories.wins import Cheers, Wins


class Transaction:
    """`tx.members`, `tx.commitments`, ... read and write within the same transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self.connection = connection

    @cached_property
    def acts(self) -> Acts:
        return Acts(self.connection)

    @cached_property
    def workspaces(self) -> Workspaces:
        return Workspaces(self.connection)

    @cached_property
    def members(self) -> Members:
        return Members(self.connection)

    @cached_property
    def agreements(self) -> Agreements:
        return Agreements(self.connection)

    @cached_property
    def rests(self) -> Rests:
        return Rests(self.connection)

    @cached_property
    def commitments(self) -> Commitments:
        return Commitments(self.connection)

    @cached_property
    def revisions(self) -> Revisions:
        return Revisions(self.connection)

    @cached_property
    def stages(self) -> Stages:
        return Stages(self.connection)

    @cached_property
    def check_ins(self) -> CheckIns:
        return CheckIns(self.connection)

    @cached_property
    def items(self) -> Items:
        return Items(self.connection)

    @cached_property
    def cues(self) -> Cues:
        return Cues(self.connection)

    @cached_property
    def openings(self) -> Openings:
        return Openings(self.connection)

    @cached_property
    def pictures(self) -> Pictures:
        return Pictures(self.connection)

    @cached_property
    def conversations(self) -> Conversations:
        return Conversations(self.connection)

    @cached_property
    def answers(self) -> Answers:
        return Answers(self.connection)

    @cached_property
    def wins(self) -> Wins:
        return Wins(self.connection)

    @cached_property
    def cheers(self) -> Cheers:
        return Cheers(self.connection)

    @cached_property
    def deliveries(self) -> Deliveries:
        return Deliveries(self.connection)

    @cached_property
    def agenda(self) -> Agenda:
        return Agenda(self.connection)

    @cached_property
    def backlog(self) -> Backlogs:
        return Backlogs(self.connection)

    @cached_property
    def leases(self) -> Leases:
        return Leases(self.connection)

    @cached_property
    def person(self) -> Person:
        return Person(self.connection)
