"""How much a person feels of a week in the third month (coaching.md's bar), lived by date in the whole product.

Counted as a person would: clicks are buttons pressed, messages those that the buddy posted to them, questions the
messages among these that asked something when they appeared.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from playground.client import Person, text_of
from tests.world import World, world

EVERY_WEEKDAY = " every weekday"
WEEKS_BEFORE = 9
"""The week that counts begins on Monday, 8 March: the third month."""


@dataclass
class Felt:
    """What one person felt, from the moment it was made; `look()` whenever something may have appeared."""

    person: Person
    clicks: int = 0
    questions: int = 0
    seen: set[str] = field(default_factory=set)
    messages: list[str] = field(default_factory=list)

    async def look(self) -> list[dict[str, Any]]:
        """What has appeared since the last look."""
        new = [one for one in (await self.person.state()).from_app() if one["ts"] not in self.seen]
        self.seen |= {one["ts"] for one in new}
        self.messages += [text_of(one).splitlines()[0] for one in new]
        self.questions += sum("?" in text_of(one) for one in new)
        return new

    async def click(self, label: str, on: dict[str, Any]) -> None:
        """On that message as it stands now; `label` may be the beginning of what is written there."""
        self.clicks += 1
        now = next(one for one in await self.person.messages() if one["ts"] == on["ts"])
        shown = next((one for one in text_of(now).splitlines() if one.startswith(label)), label)
        await self.person.click(shown, in_message=now)

    @property
    def amounts(self) -> tuple[int, int, int]:
        return self.clicks, len(self.messages), self.questions


async def commit(here: World, text: str, stage: str) -> None:
    """Made, on the first day; of the questions that a stage brings only the offer to be asked less often is taken."""
    maya = here.maya
    await maya.command("/commit", text)
    await maya.wait_for(lambda state: state.modal)
    await maya.submit()
    await maya.click(stage, in_message=await maya.sees(f"Noted: “{text.removesuffix(EVERY_WEEKDAY)}”"))
    await here.settle()
    while (await maya.state()).says(" of 3"):
        question = (await maya.state()).from_app()[-1]
        await maya.click("Less often" if "Less often" in text_of(question) else "Skip", in_message=question)
        await here.settle()
        if " of 3" not in text_of((await maya.state()).from_app()[-1]):
            return


async def live_week(here: World, felt: Felt, monday: date, answers: dict[int, list[str]]) -> None:
    """`answers`: what is clicked, by the day of the week on which a check-in may come."""
    for day in range(7):
        await here.move_to(f"{monday + timedelta(days=day)}T10:00")
        await here.settle()
        for asked in await felt.look():
            for label in answers.get(day, []):
                await felt.click(label, asked)
                await here.settle()
        for question in await felt.look():
            if "\nAs now" in text_of(question):
                await felt.click("As now", question)
            elif "only you" in text_of(question):
                await here.maya.say("Call the two people who know")
                await here.settle()
                await felt.look()
        await here.move_to(f"{monday + timedelta(days=day)}T21:00")
        await here.settle()
        await felt.look()


async def third_month(here: World, answers: dict[int, list[str]]) -> Felt:
    monday = date(2027, 1, 4)
    felt = Felt(here.maya)
    await felt.look()
    for _ in range(WEEKS_BEFORE):
        await live_week(here, felt, monday, answers)
        monday += timedelta(weeks=1)
    counted = Felt(here.maya, seen=felt.seen)
    await live_week(here, counted, monday, answers)
    calls = await here.slack.calls()
    assert calls["refused"] == []
    assert calls["unacked"] == []
    return counted


async def test_one_commitment_in_action(sqlite_url: str) -> None:
    async with world(sqlite_url) as here:
        await commit(here, "Finish the report", "On it")
        felt = await third_month(here, {1: ["Moving"], 4: ["Moving"]})
        assert felt.amounts == (2, 4, 3), felt.messages


async def test_one_habit_in_maintenance(sqlite_url: str) -> None:
    """Asked once a week; a day ticked, and that's all."""
    async with world(sqlite_url) as here:
        await commit(here, "Walk after lunch" + EVERY_WEEKDAY, "Keeping it going")
        felt = await third_month(here, {4: ["Thursday", "The ticked ones"]})
        assert felt.amounts == (2, 1, 1), felt.messages


async def test_one_commitment_in_maintenance(sqlite_url: str) -> None:
    async with world(sqlite_url) as here:
        await commit(here, "Leave the phone in the hall", "Keeping it going")
        felt = await third_month(here, {1: ["Moving"], 4: ["Moving"]})
        assert felt.amounts == (1, 1, 1), felt.messages


async def test_four_commitments(sqlite_url: str) -> None:
    async with world(sqlite_url) as here:
        for text in ("Finish the report", "Call the dentist", "Learn to swim", "Read one paper a week"):
            await commit(here, text, "On it")
        felt = await third_month(here, {1: ["Moving", "All moving"], 4: ["Moving", "All moving"]})
        # Four in an ordinary week. After eight steady ones the week's question is answered by a click, not in words.
        assert felt.amounts == (5, 4, 3), felt.messages
