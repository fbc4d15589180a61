"""Records as storage would give them, for tests without a database."""

from datetime import UTC, date, datetime
from typing import Any

from bot.domain.check_ins import CheckIn, Item, Origin
from bot.domain.commitments import Commitment, Kind, State
from bot.domain.deliveries import Delivery, DeliveryState, Method, Says
from bot.domain.members import Member
from bot.domain.rests import Rest, RestKind

SOME_TIME = datetime(2027, 1, 4, 9, tzinfo=UTC)
OF_A_MEMBER: dict[str, Any] = {"id": 1, "workspace_id": 1, "member_id": 1}


def member(**values: Any) -> Member:
    given = {"slack_id": "U1", "zone": "Europe/Berlin", "locale": "en-GB", "is_admin": False}
    times = {"joined_at": SOME_TIME, "read_at": SOME_TIME}
    return Member(**({"id": 1, "workspace_id": 1} | given | times | values))


def commitment(text: str = "Read", **values: Any) -> Commitment:
    given = {"kind": Kind.ONCE, "state": State.ACTIVE, "created_at": SOME_TIME}
    return Commitment(**(OF_A_MEMBER | given | {"text": text} | values))


def check_in(at: datetime, **values: Any) -> CheckIn:
    given = {"origin": Origin.SCHEDULED, "occurrence": at, "opened_at": at, "zone": "UTC"}
    return CheckIn(**(OF_A_MEMBER | given | values))


def item(**values: Any) -> Item:
    given: dict[str, Any] = {"id": 1, "check_in_id": 1, "commitment_id": 1, "position": 0}
    return Item(**(given | values))


def rest(first: date, last: date, **values: Any) -> Rest:
    given = {"kind": RestKind.HOLIDAY, "first_day": first, "last_day": last, "created_at": SOME_TIME}
    return Rest(**(OF_A_MEMBER | given | values))


def delivery(number: int = 1, **values: Any) -> Delivery:
    words = dict.fromkeys(("key", "token", "lane"), str(number))
    given = {"method": Method.POST, "says": Says.PHRASE, "refs": {}, "due_at": SOME_TIME}
    return Delivery(**({"id": number, "workspace_id": 1, "state": DeliveryState.WAITING} | words | given | values))
