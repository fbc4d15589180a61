"""One transaction, with every repository at hand."""

from collections.abc import Callable
from functools import cached_property
from typing import TypeVar

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

R = TypeVar("R")


def _repository(kind: Callable[[AsyncConnection], R]) -> cached_property[R]:
    """Made when it is first asked for."""
    return cached_property(lambda tx: kind(tx.connection))


class Transaction:
    """`tx.members`, `tx.commitments`, ... read and write within the same transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self.connection = connection

    acts = _repository(Acts)
    workspaces = _repository(Workspaces)
    members = _repository(Members)
    agreements = _repository(Agreements)
    rests = _repository(Rests)
    commitments = _repository(Commitments)
    revisions = _repository(Revisions)
    stages = _repository(Stages)
    check_ins = _repository(CheckIns)
    items = _repository(Items)
    cues = _repository(Cues)
    openings = _repository(Openings)
    pictures = _repository(Pictures)
    conversations = _repository(Conversations)
    answers = _repository(Answers)
    wins = _repository(Wins)
    cheers = _repository(Cheers)
    deliveries = _repository(Deliveries)
    agenda = _repository(Agenda)
    backlog = _repository(Backlogs)
    leases = _repository(Leases)
    person = _repository(Person)
