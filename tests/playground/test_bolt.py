"""A real Bolt app over real sockets, in both of Slack's ways of talking."""

from collections.abc import AsyncIterator

import pytest

from playground.client import AppFailedError, PlaygroundClient, text_of
from playground.server import Playground
from tests.playground.tiny_app import TinyApp, over_http, over_sockets, running

ACK = 1.0


@pytest.fixture(params=["sockets", "http"])
async def both(request: pytest.FixtureRequest) -> AsyncIterator[tuple[Playground, TinyApp]]:
    if request.param == "http":
        async with over_http(ack_seconds=ACK) as pair:
            yield pair
        return
    async with running(ack_seconds=ACK) as playground, over_sockets(playground) as app:
        yield playground, app


@pytest.fixture
def app(both: tuple[Playground, TinyApp]) -> TinyApp:
    return both[1]


@pytest.fixture
async def slack(both: tuple[Playground, TinyApp]) -> AsyncIterator[PlaygroundClient]:
    async with PlaygroundClient(both[0].url) as client:
        if both[0].settings.request_url is None:
            await client.app_connected()
        yield client


async def test_a_dm_is_answered_and_the_button_changes_the_message_in_place(slack: PlaygroundClient) -> None:
    maya = slack.person("UMAYA0001")
    await maya.say("hello")
    asked = await maya.sees("How is it?")
    await maya.click("Done", in_message=asked)
    answered = await maya.sees("Well done.")
    assert answered["ts"] == asked["ts"]
    assert answered["edited"]
    assert not (await slack.calls())["refused"]


async def test_a_command_is_answered_for_its_sender_alone(slack: PlaygroundClient) -> None:
    maya = slack.person("UMAYA0001")
    await maya.command("/tiny", "a & b", channel="#wins")
    assert [m["text"] for m in await maya.ephemerals("#wins")] == ["You said: a & b"]
    assert await slack.person("UJONAS001").ephemerals("#wins") == []


async def test_a_modal_keeps_its_initial_values_and_shows_field_errors(slack: PlaygroundClient, app: TinyApp) -> None:
    maya = slack.person("UMAYA0001")
    await maya.command("/tiny", "form")
    missing = await maya.submit()
    assert list(missing["errors"]) == ["what"]
    assert app.of("view_submission") == []
    wrong = await maya.submit({"What": "wrong"})
    assert wrong == {"ok": False, "response_action": "errors", "errors": {"what": "Not that, please."}}
    assert (await maya.submit({"What": "fine"}))["ok"]
    assert await maya.modal() is None
    values = app.of("view_submission")[-1]["view"]["state"]["values"]
    assert values["when"]["day"]["selected_option"]["value"] == "friday"
    assert values["what"]["text"] == {"type": "plain_text_input", "value": "fine"}


@pytest.mark.parametrize(("word", "titles"), [("again", ["Again"]), ("more", ["Tiny", "More"]), ("clear", [])])
async def test_response_actions(slack: PlaygroundClient, word: str, titles: list[str]) -> None:
    maya = slack.person("UMAYA0001")
    await maya.command("/tiny", "form")
    await maya.submit({"What": word})
    assert [modal["title"]["text"] for modal in (await maya.state()).modals] == titles


@pytest.mark.parametrize(("word", "error"), [("strange", "invalid_errors"), ("chatty", "invalid_response_action")])
async def test_an_answer_that_slack_does_not_take_leaves_the_modal_in_trouble(
    slack: PlaygroundClient, word: str, error: str
) -> None:
    """Errors for a block that is not there, and words in place of a response_action."""
    maya = slack.person("UMAYA0001")
    await maya.command("/tiny", "form")
    with pytest.raises(AppFailedError, match=error):
        await maya.submit({"What": word})
    modal = await maya.modal()
    assert modal is not None
    assert "trouble" in modal["error"]
    assert modal["state"]["values"]["what"]["text"]["value"] == word


async def test_closing_a_modal_tells_the_app_that_wants_to_know(slack: PlaygroundClient, app: TinyApp) -> None:
    maya = slack.person("UMAYA0001")
    await maya.command("/tiny", "form")
    await maya.close()
    assert [body["is_cleared"] for body in app.of("view_closed")] == [False]


async def test_home_is_published_when_it_is_opened(slack: PlaygroundClient, app: TinyApp) -> None:
    maya = slack.person("UMAYA0001")
    await maya.home()
    home = await maya.wait_for(lambda state: state.home)
    assert "Welcome home" in text_of(home)
    await maya.click("Later", where="home")
    clicked = app.of("block_actions")[-1]
    assert clicked["container"] == {"type": "view", "view_id": home["id"]}
    assert clicked["view"]["hash"] == home["hash"]
    await maya.home()
    await slack.settle()
    assert app.of("app_home_opened")[-1]["event"]["view"]["id"] == home["id"]


async def test_shortcuts_open_modals(slack: PlaygroundClient, app: TinyApp) -> None:
    maya = slack.person("UMAYA0001")
    await maya.shortcut("begin")
    assert await maya.modal()
    await maya.close()
    ts = await maya.say("It works", channel="#general")
    (message,) = await maya.messages("#general")
    await maya.shortcut("keep", message)
    assert await maya.modal()
    assert app.of("message_action")[-1]["message"]["ts"] == ts


async def test_an_unanswered_command_is_shown_as_slack_shows_it(slack: PlaygroundClient) -> None:
    maya = slack.person("UMAYA0001")
    with pytest.raises(AppFailedError, match="operation_timeout"):
        await maya.command("/slow")
    assert (await maya.ephemerals())[-1]["text"] == '`/slow` failed with the error "operation_timeout"'


async def test_an_unanswered_click_leaves_an_error_on_the_message(slack: PlaygroundClient) -> None:
    maya = slack.person("UMAYA0001")
    await maya.say("hello")
    await maya.sees("How is it?")
    with pytest.raises(AppFailedError, match="operation_timeout"):
        await maya.click("Slow")
    (asked,) = (await maya.state()).from_app()
    assert "did not answer" in asked["error"]
    assert [call["name"] for call in (await slack.calls())["unacked"]] == ["block_actions"]


async def test_an_answer_that_slack_refuses_is_an_error_for_the_person(slack: PlaygroundClient) -> None:
    maya = slack.person("UMAYA0001")
    with pytest.raises(AppFailedError, match="invalid_blocks"):
        await maya.command("/tiny", "too much")
    (refused,) = (await slack.calls())["refused"]
    assert "json-pointer:/blocks" in refused["detail"][0]


async def test_response_url_answers_a_command_later(slack: PlaygroundClient) -> None:
    maya = slack.person("UMAYA0001")
    await maya.command("/tiny", "respond")
    assert (await maya.sees("Over the url"))["ephemeral"]


async def test_undeclared_commands_never_reach_the_app(slack: PlaygroundClient, app: TinyApp) -> None:
    maya = slack.person("UMAYA0001")
    with pytest.raises(AppFailedError, match="not_a_command"):
        await maya.command("/other")
    assert app.bodies == []
