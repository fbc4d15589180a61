"""The app is removed from its workspace, in the whole product over Socket Mode."""

from datetime import date

from tests.handlers.steps import commit
from tests.world import World


async def test_a_buddy_without_its_workspace_forgets_the_token(here: World) -> None:
    await commit(here, "Finish the report")
    await here.maya.act("uninstall")
    await here.slack.settle()
    async with here.buddy.units.database.read() as tx:
        (workspace,) = await tx.workspaces.all()
        assert workspace.bot_token is None
        assert workspace.uninstalled_at is not None
        assert workspace.uninstalled_at.date() == date(2027, 1, 4)
