"""A workspace that is installed again."""

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
