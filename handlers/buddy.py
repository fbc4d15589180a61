"""/buddy: everything the app does, by one name; what it does not know, it helps with."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from bot.domain.members import Member
from bot.rendering.commands import help_blocks, help_text
from handlers import agreements, check_ins, commitments, days, lists, pauses, privacy, rests, settings, wins
from handlers.desk import Desk
from handlers.payloads import CommandCall
from handlers.reactions import Reaction, Whisper

Route = Callable[[Desk, CommandCall, Member], Awaitable[Reaction]]

HELP: Final = "help"


def register(desk: Desk) -> None:
    async def route(call: CommandCall, member: Member) -> Reaction:
        name, _, rest = call.text.strip().partition(" ")
        found = ROUTES.get(name.lower())
        if found is None:
            return _help(desk, call, unknown=name)
        return await found(desk, call.model_copy(update={"text": rest.strip()}), member)

    desk.command("buddy", route)


async def show_help(desk: Desk, call: CommandCall, _member: Member) -> Reaction:
    return _help(desk, call)


ROUTES: Final[Mapping[str, Route]] = {
    "commit": commitments.open_commit,
    "checkin": check_ins.start_check_in,
    "win": wins.keep_win,
    "list": lists.open_list,
    "days": days.open_days,
    "off": rests.time_off,
    "rough": rests.rough_week,
    "pause": pauses.pause,
    "resume": pauses.resume,
    "rules": agreements.open_rules,
    "settings": settings.open_settings,
    "privacy": privacy.who_sees,
    "export": privacy.export,
    "stop": privacy.ask_to_stop,
    HELP: show_help,
}


def _help(desk: Desk, call: CommandCall, unknown: str = "") -> Whisper:
    renamed, _, _ = call.command.removeprefix("/").rpartition("-")
    return Whisper(help_text(unknown), help_blocks(renamed or desk.prefix, unknown))
