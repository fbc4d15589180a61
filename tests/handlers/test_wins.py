"""Wins as people live them: typed, looked at, shared, cheered, taken back, in the whole product over Socket Mode."""

from collections.abc import AsyncIterator
from functools import partial
from typing import Any

import pytest

from bot.services.wins import Wins
from bot.services.work import Units
from bot.storage.tables import acts
from playground.client import State, text_of
from playground.workspace import WINS
from tests.hostile.invariants import nothing_went_wrong
from tests.world import World, world

POST = "chat.postMessage"

MEANT = {"drop_connection", "ratelimited", "channel_not_found", "not_in_channel"}
"""What goes wrong in these tests on purpose."""


@pytest.fixture
async def here(sqlite_url: str) -> AsyncIterator[World]:
    """Afterwards nothing was refused and nothing left without an ack."""
    async with world(sqlite_url) as made:
        yield made
        await nothing_went_wrong(made, meant=MEANT)


async def posts(here: World) -> list[dict[str, Any]]:
    await here.settle()
    return [message for message in await here.jonas.messages("#wins") if message["is_app"] and not message["ephemeral"]]


async def choose_wins(here: World) -> None:
    """Maya, an admin, chooses #wins in the settings."""
    await here.maya.command("/win", "The first one")
    await here.maya.sees("The first one")
    await here.maya.click("Share with the team")
    await here.maya.wait_for(lambda state: state.modal)
    await here.maya.submit({"Where do shared wins go?": WINS})
    await here.maya.wait_for(lambda state: state.says("Shared in"))
    await here.settle()


def modal_shows(part: str, state: State) -> bool:
    return part in text_of(state.modal)


async def new_channel(here: World, name: str, **kind: bool) -> str:
    await here.maya.act("create_channel", name=name, **kind)
    return str((await here.maya.wait_for(lambda state: state.channel("#" + name)))["id"])


async def jonas_shares(here: World, text: str = "Shipped it") -> dict[str, Any]:
    await here.jonas.command("/win", text)
    await here.jonas.sees("it looks like this")
    await here.jonas.click("Share in #wins")
    await here.jonas.sees("Shared in")
    return (await posts(here))[-1]


async def test_an_admin_chooses_the_channel_at_the_first_share(here: World) -> None:
    await choose_wins(here)
    (post,) = await posts(here)
    assert "The first one" in text_of(post)
    assert "Only wins that people chose to share appear here." in text_of(post)
    second = await jonas_shares(here)
    assert "Only wins" not in text_of(second)
    assert "Cheering tells <@UJONAS001> your name." in text_of(second)


async def test_others_are_told_who_can_choose_and_nothing_is_lost(here: World) -> None:
    await here.jonas.command("/win", "Shipped it")
    await here.jonas.sees("Shipped it")
    await here.jonas.click("Share with the team")
    told = await here.jonas.sees("An admin of this workspace can choose one")
    assert "Shipped it" in text_of(told)
    await here.jonas.click("Keep for myself")
    kept = await here.jonas.sees("Kept for yourself")
    assert "Share…" in text_of(kept)
    assert await posts(here) == []


async def test_to_keep_it_can_be_typed_and_to_share_it_takes_a_click(here: World) -> None:
    await here.jonas.command("/win", "Shipped it")
    await here.jonas.sees("Shipped it")
    await here.settle()
    await here.jonas.say("share with the team")
    await here.jonas.sees("What would you like?")
    await here.jonas.say("Keep for myself")
    await here.jonas.sees("All right.")
    await here.jonas.sees("Kept for yourself")
    assert await posts(here) == []


async def test_typed_where_the_preview_comes_nothing_else_is_said(here: World) -> None:
    answer = await here.jonas.command("/win", "Called her")
    assert answer["response"] is None
    await here.jonas.sees("Called her")


async def test_typed_elsewhere_a_whisper_says_where_it_is(here: World) -> None:
    answer = await here.jonas.command("/win", "Shipped it", "#general")
    assert "our messages" in str(answer["response"])
    assert "slack://app?team=" in str(answer["response"])
    await here.jonas.sees("Shipped it")
    assert not [one for one in await here.maya.messages("#general") if "Shipped" in text_of(one)]
    await here.jonas.command("/win", "", "#general")
    await here.jonas.wait_for(lambda state: state.modal)
    await here.jonas.submit({"win_text": "From the form"})
    await here.jonas.wait_for(lambda state: "our messages" in text_of(state.modal))
    await here.jonas.sees("From the form")


async def test_in_the_direct_message_the_form_just_closes(here: World) -> None:
    await here.jonas.command("/win", "hello")
    await here.jonas.sees("hello")
    await here.settle()
    await here.jonas.command("/win")
    await here.jonas.wait_for(lambda state: state.modal)
    await here.jonas.submit({"win_text": "From the form"})
    await here.jonas.sees("From the form")
    assert await here.jonas.modal() is None


async def test_a_long_win_is_to_be_shortened_not_lost(here: World) -> None:
    text = "word " * 300
    await here.jonas.command("/win", text)
    modal = await here.jonas.wait_for(lambda state: state.modal)
    assert "has room for 1,000" in text_of(modal)
    answer = await here.jonas.submit()
    assert "499 over" in str(answer["errors"])
    await here.jonas.submit({"win_text": "Short"})
    await here.jonas.sees("Short")


def is_plain(block: dict[str, Any]) -> bool:
    """Whether Slack reads nothing in it."""
    return bool(block["type"] == "section" and block["text"]["type"] == "plain_text")


async def test_what_is_typed_pings_nobody(here: World) -> None:
    await choose_wins(here)
    post = await jonas_shares(here, "<!channel> @here <@UMAYA0001> *bold*")
    assert "&lt;!channel&gt;" in post["text"]
    assert "<!channel>" not in post["text"]
    assert "<@UMAYA0001>" not in post["text"]
    quotations = [block["text"]["text"] for block in post["blocks"] if is_plain(block)]
    assert quotations == ["<!channel> @here <@UMAYA0001> *bold*"]


async def test_cheers_count_people_and_nobody_is_written_to(here: World) -> None:
    await choose_wins(here)
    post = await jonas_shares(here)
    await here.priya.click("👏", in_message=post)
    await here.priya.wait_for(lambda state: "👏 1" in text_of(state.messages("#wins")[-2]))
    await here.settle()
    (post,) = [one for one in await posts(here) if one["ts"] == post["ts"]]
    await here.priya.click("👏 1", in_message=post)
    await here.settle()
    await here.priya.click("🎉", in_message=post)
    await here.jonas.wait_for(lambda state: "🎉 1" in text_of(state.says("Shipped it", "#wins")))
    await here.settle()
    (post,) = [one for one in await posts(here) if one["ts"] == post["ts"]]
    assert "👏 1" not in text_of(post)
    whispers = [text_of(one) for one in await here.priya.ephemerals("#wins")]
    assert whispers == ["<@UJONAS001> will see your name."]
    assert await here.priya.messages() == []
    await here.jonas.click("💪", in_message=post)
    await here.jonas.wait_for(lambda state: state.ephemerals("#wins"))
    assert "💪 1" not in text_of((await posts(here))[-1])


async def test_the_owner_hears_in_the_afternoon_by_name(here: World) -> None:
    await choose_wins(here)
    post = await jonas_shares(here)
    await here.priya.click("👏", in_message=post)
    await here.settle()
    await here.move_to("2027-01-04T15:30")
    assert not [one for one in await here.jonas.messages() if "Cheered since" in text_of(one)]
    await here.move_to("2027-01-04T16:05")
    told = await here.jonas.sees("Cheered since")
    assert "“Shipped it”: <@UPRIYA001>" in text_of(told)
    await here.move_to("2027-01-05T16:05")
    assert len([one for one in await here.jonas.messages() if "Cheered since" in text_of(one)]) == 1


async def test_edited_taken_back_and_shared_again(here: World) -> None:
    await choose_wins(here)
    await jonas_shares(here)
    await here.jonas.click("Edit")
    await here.jonas.wait_for(lambda state: state.modal)
    await here.jonas.submit({"win_text": "Shipped it, with Priya"})
    await here.maya.sees("Shipped it, with Priya", "#wins")
    await here.jonas.sees("Shared in")
    await here.jonas.click("Take back")
    await here.jonas.sees("Taken back")
    assert [text_of(one) for one in await posts(here) if "Shipped" in text_of(one)] == []
    await here.jonas.click("Share…")
    await here.jonas.sees("it looks like this")
    await here.jonas.click("Share in #wins")
    await here.maya.sees("Shipped it, with Priya", "#wins")


async def test_the_shortcut_keeps_ones_own_message_once(here: World) -> None:
    ts = await here.jonas.say("Deployed &amp; <!here> done", "#general")
    message = next(one for one in await here.jonas.messages("#general") if one["ts"] == ts)
    for _ in range(2):
        await here.jonas.shortcut("shortcut.keep_as_win", message)
        await here.jonas.wait_for(lambda state: "our messages" in text_of(state.modal))
        await here.jonas.close()
    await here.settle()
    kept = [one for one in await here.jonas.messages() if "Deployed" in text_of(one)]
    assert len(kept) == 1
    await here.maya.shortcut("shortcut.keep_as_win", message)
    modal = await here.maya.wait_for(lambda state: state.modal)
    assert "something you wrote yourself" in text_of(modal)


async def test_which_message_was_kept_is_forgotten_with_its_author(here: World) -> None:
    ts = await here.jonas.say("Deployed", "#general")
    message = next(one for one in await here.jonas.messages("#general") if one["ts"] == ts)
    await here.jonas.shortcut("shortcut.keep_as_win", message)
    await here.settle()
    async with here.buddy.units.database.write() as tx:
        (jonas,) = await tx.members.all()
        await tx.person.erase(jonas)
        assert ts not in str((await tx.connection.execute(acts.select())).all())


async def test_a_channel_that_cannot_be_taken_is_explained(here: World) -> None:
    shared = await new_channel(here, "with-partners", shared=True)
    empty = await new_channel(here, "quiet")
    secret = await new_channel(here, "secret", private=True)
    await here.maya.command("/win", "The first one")
    await here.maya.sees("The first one")
    await here.maya.click("Share with the team")
    await here.maya.wait_for(lambda state: state.modal)
    for channel, why in ((shared, "shared with other companies"), (empty, "I'm not in"), (secret, "I'm not in")):
        await here.maya.submit({"wins_channel": channel})
        explained = f"<#{channel}>"
        await here.maya.wait_for(partial(modal_shows, explained))
        assert why in text_of(await here.maya.modal())
    assert await posts(here) == []
    await here.maya.act("invite", channel=secret, invitee="app")
    await here.maya.submit({"wins_channel": secret})
    await here.maya.sees("Shared in")
    await here.jonas.command("/win", "Shipped it")
    await here.jonas.sees("Share in the wins channel")
    assert "secret" not in text_of((await here.jonas.messages())[-1])


async def test_a_channel_that_changed_since_is_not_posted_to(here: World) -> None:
    await choose_wins(here)
    await here.jonas.command("/win", "Shipped it")
    await here.jonas.sees("it looks like this")
    await here.maya.act("remove", channel=WINS, member="app")
    await here.jonas.click("Share in #wins")
    told = await here.jonas.sees("I'm not in")
    assert "nothing was posted" in text_of(told)
    await here.maya.act("invite", channel=WINS, invitee="app")
    await here.jonas.click("Share in #wins")
    await here.jonas.sees("Shared in")


async def test_a_post_that_slack_refuses_is_kept_and_explained(here: World) -> None:
    await choose_wins(here)
    await here.jonas.command("/win", "Shipped it")
    await here.jonas.sees("it looks like this")
    await here.slack.fault(POST, "ratelimited", 1, retry_after=1)
    await here.jonas.click("Share in #wins")
    await here.settle()
    await here.maya.act("remove", channel=WINS, member="app")
    told = await here.jonas.sees("I'm not in")
    assert "Keep for myself" in text_of(told)
    assert [one for one in await posts(here) if "Shipped it" in text_of(one)] == []


async def test_a_crash_while_posting_asks_instead_of_posting_twice(here: World) -> None:
    await choose_wins(here)
    await here.jonas.command("/win", "Shipped it")
    await here.jonas.sees("it looks like this")
    await here.settle()
    units = here.buddy.units
    died = Units(units.database, units.clock, owner="a process that died")
    async with units.database.read() as tx:
        win = (await tx.wins.all())[-1]
        jonas = await tx.members.get(win.member_id)
    await Wins(died).share(jonas, win.id, WINS, key="click")
    await here.restart()
    await here.jonas.sees("Is it in")
    assert [one for one in await posts(here) if "Shipped it" in text_of(one)] == []


async def share_uncertainly(here: World, fault: str) -> None:
    """Jonas shares "Shipped it", and nobody knows whether it arrived."""
    await choose_wins(here)
    await here.jonas.command("/win", "Shipped it")
    await here.jonas.sees("it looks like this")
    await here.slack.fault(POST, fault, 1)
    await here.jonas.click("Share in #wins")
    await here.jonas.wait_for(lambda state: state.says("Is it in"), seconds=40)


async def test_a_post_of_unknown_fate_is_not_repeated_but_asked_about(here: World) -> None:
    await share_uncertainly(here, "timeout_after_accept")
    assert len([one for one in await posts(here) if "Shipped it" in text_of(one)]) == 1
    await here.jonas.click("Yes")
    await here.jonas.wait_for(lambda state: state.says("Shared in"))
    await here.settle()
    assert len([one for one in await posts(here) if "Shipped it" in text_of(one)]) == 1
    # Nobody knows its ts, until someone clicks.
    await here.priya.click("👏", in_message=(await posts(here))[-1])
    await here.priya.wait_for(lambda state: "👏 1" in text_of(state.says("Shipped it", "#wins")))


async def test_a_post_that_never_arrived_is_posted_again_when_asked(here: World) -> None:
    await share_uncertainly(here, "drop_connection")
    await here.jonas.click("Post again")
    await here.maya.sees("Shipped it", "#wins")
    assert len([one for one in await posts(here) if "Shipped it" in text_of(one)]) == 1


async def test_nothing_is_posted_again_where_other_companies_read_along_by_now(here: World) -> None:
    await share_uncertainly(here, "drop_connection")
    here.playground.workspace.channels[WINS].is_ext_shared = True
    await here.jonas.click("Post again")
    await here.jonas.sees("is shared with other companies")
    await here.settle()
    assert [one for one in await posts(here) if "Shipped it" in text_of(one)] == []


async def test_settings_are_read_by_all_and_changed_by_admins(here: World) -> None:
    await choose_wins(here)
    await here.jonas.command("/buddy", "settings")
    modal = await here.jonas.wait_for(lambda state: state.modal)
    assert f"<#{WINS}>" in text_of(modal)
    assert "submit" not in modal or modal["submit"] is None
    await here.maya.command("/buddy", "settings")
    modal = await here.maya.wait_for(lambda state: state.modal)
    assert "Where do shared wins go?" in text_of(modal)
