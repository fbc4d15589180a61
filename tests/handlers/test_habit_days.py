"""The days of a habit, ticked in a check-in's message."""

from tests.handlers.steps import commit
from tests.world import World


async def test_the_days_that_count_are_those_ticked_on_the_screen(here: World) -> None:
    """A tick may not have come through, or may still be on its way to another process."""
    await commit(here, "Walk every weekday")
    await here.move_to("2027-01-08T10:00")
    asked = await here.maya.sees("how did it go?")
    state = await here.maya.state()
    ticks, save = state.find("Tuesday 5 January", asked), state.find("The ticked ones", asked)
    days = [option["value"] for option in ticks.element["options"]][:2]
    finger = {"user": here.maya.user, "container": save.container, "action_id": save.element["action_id"]}
    screen = {ticks.block["block_id"]: {ticks.element["action_id"]: days}}
    await here.slack.request("POST", "/control/act/click", {**finger, "state": screen})
    await here.settle()
    async with here.buddy.units.database.read() as tx:
        [item] = await tx.items.all(tx.items.table.c.answer.is_not(None))
    assert [day.isoformat() for day in item.days] == days
