"""The app is removed from its workspace, in the whole product over Socket Mode."""

from datetime import date

from tests.handlers.steps import commit, home
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


async def test_nobody_writes_to_an_account_that_is_deactivated(here: World) -> None:
    """Slack takes messages to such a one as to any other (python-slack-sdk #1156)."""
    await commit(here, "Finish the report")
    before = len(await here.maya.messages())
    await here.maya.profile(deleted=True)
    await here.settle()
    await here.move_to("2027-01-05T16:00")
    await here.maya.profile(deleted=False)
    await here.settle()
    await here.move_to("2027-01-08T16:00")
    assert len(await here.maya.messages()) == before
    assert "Check-ins are stopped" in await home(here)
    await here.maya.click("Start again", where="home")
    await here.move_to("2027-01-12T10:01")
    await here.maya.sees("how did it go?")
