"""The use cases, one transaction each."""

from dataclasses import dataclass

from bot.services.agreements import Agreements
from bot.services.asking import Asking
from bot.services.calendars import Calendars
from bot.services.check_ins import CheckIns
from bot.services.cheers import Cheers
from bot.services.commitments import Commitments
from bot.services.conversations import Conversations
from bot.services.cues import Cues
from bot.services.inbox import Inbox
from bot.services.members import Members
from bot.services.opening import Opening
from bot.services.overview import Overview
from bot.services.pauses import Pauses
from bot.services.privacy import Privacy
from bot.services.readiness import Readiness
from bot.services.reminding import Reminding
from bot.services.rests import Rests
from bot.services.returning import Returning
from bot.services.silence import Silence, heard
from bot.services.snoozing import Snoozing
from bot.services.wins import Wins
from bot.services.work import Units
from bot.services.workspaces import Workspaces
from bot.services.zones import Zones


@dataclass(frozen=True)
class Services:
    """Everything that handlers and jobs may ask for."""

    units: Units
    workspaces: Workspaces
    members: Members
    commitments: Commitments
    agreements: Agreements
    calendars: Calendars
    cues: Cues
    asking: Asking
    opening: Opening
    reminding: Reminding
    snoozing: Snoozing
    check_ins: CheckIns
    conversations: Conversations
    readiness: Readiness
    inbox: Inbox
    wins: Wins
    cheers: Cheers
    pauses: Pauses
    rests: Rests
    returning: Returning
    privacy: Privacy
    overview: Overview
    silence: Silence
    zones: Zones

    @classmethod
    def over(cls, units: Units) -> "Services":
        units.on_heard = heard
        conversations = Conversations(units)
        check_ins = CheckIns(units)
        readiness = Readiness(units)
        snoozing = Snoozing(units)
        return cls(
            units=units,
            workspaces=Workspaces(units),
            members=Members(units),
            commitments=Commitments(units),
            agreements=Agreements(units),
            calendars=Calendars(units),
            cues=Cues(units),
            asking=Asking(units),
            opening=Opening(units),
            reminding=Reminding(units),
            snoozing=snoozing,
            check_ins=check_ins,
            conversations=conversations,
            readiness=readiness,
            inbox=Inbox(units, conversations, check_ins, readiness, snoozing),
            wins=Wins(units),
            cheers=Cheers(units),
            pauses=Pauses(units),
            rests=Rests(units),
            returning=Returning(units),
            privacy=Privacy(units),
            overview=Overview(units),
            silence=Silence(units),
            zones=Zones(units),
        )
