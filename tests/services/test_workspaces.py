"""A workspace that is installed again, and what its admins alone choose."""

import pytest

from bot.services.work import Refused
from bot.services.workspaces import Workspaces
from tests.team import Team


async def channel_of_maya(team: Team) -> str | None:
    async with team.units.database.read() as tx:
        return (await tx.members.get(team.maya.id)).channel_id


async def test_another_bot_asks_for_direct_messages_of_its_own(team: Team) -> None:
    """In those of the bot before it, it would be told that there is no such channel, for ever."""
    workspaces = Workspaces(team.units)
    given = {"team_id": "T1", "name": "Testers", "bot_id": "BBOT"}
    await workspaces.install(**given, bot_token="xoxb-anew", bot_user_id="UBOT")
    assert await channel_of_maya(team) == "DUMAYA"
    await workspaces.install(**given, bot_token="xoxb-another", bot_user_id="UANOTHER")
    assert await channel_of_maya(team) is None


async def test_an_admin_names_whom_people_can_talk_to_others_cannot(team: Team) -> None:
    workspaces = Workspaces(team.units)
    with pytest.raises(Refused):
        await workspaces.name_contacts(team.maya, "Me", key="1")
    assert (await workspaces.by_team("T1")).contacts is None
    async with team.units.database.write() as tx:
        admin = await tx.members.change(team.maya.id, is_admin=True)
    for contacts, kept in (("Ada", "Ada"), ("", None)):
        await workspaces.name_contacts(admin, contacts, key=contacts)
        assert (await workspaces.by_team("T1")).contacts == kept
