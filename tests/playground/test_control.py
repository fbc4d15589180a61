"""The clock, the log, what people cannot do, starting over and coming back."""

import json
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from playground.client import Person, PlaygroundClient, RefusedError
from playground.server import Playground
from tests.playground.conftest import web_client
from tests.playground.tiny_app import buttons, modal, over_sockets, running, section

WINS = "C0WINS001"


async def test_the_clock_streams_its_offset_at_once_and_at_each_change(
    playground: Playground, slack: PlaygroundClient
) -> None:
    async with aiohttp.ClientSession() as session, session.get(playground.clock_url) as stream:
        assert json.loads(await stream.content.readline()) == {"offset": 0.0}
        await slack.forward(3600)
        assert json.loads(await stream.content.readline()) == {"offset": 3600.0}
        await slack.request("POST", "/control/clock", {"offset": -5})
        assert json.loads(await stream.content.readline()) == {"offset": -5.0}


async def test_passing_time_stops_wherever_the_app_has_something_to_do(
    playground: Playground, slack: PlaygroundClient, web: AsyncWebClient
) -> None:
    now = int(playground.clock.unix())
    dm = (await web.conversations_open(users="UMAYA0001"))["channel"]["id"]
    await web.chat_postMessage(
        channel=dm, text=f"<!date^{now + 600}^{{time}}|soon> and <!date^{now + 1200}^{{time}}|later>"
    )
    visited: list[float] = []
    playground.clock.follow(visited.append)
    await slack.request("POST", "/control/clock", {"forward": 1800, "passing": True})
    assert [round(offset / 60) for offset in visited] == [10, 20, 30]


async def test_the_clock_goes_to_a_local_moment_or_one_in_utc(playground: Playground, slack: PlaygroundClient) -> None:
    await slack.move_to("2027-01-04T09:00", "UPRIYA001")
    there = datetime(2027, 1, 4, 9, tzinfo=ZoneInfo("America/New_York"))
    assert abs((playground.clock.now() - there).total_seconds()) < 2
    await slack.move_to("2027-01-04T09:00+00:00")
    assert abs((playground.clock.now() - datetime(2027, 1, 4, 9, tzinfo=UTC)).total_seconds()) < 2


async def test_the_next_check_in_is_the_earliest_date_the_app_announced(
    playground: Playground, slack: PlaygroundClient, maya: Person, web: AsyncWebClient
) -> None:
    with pytest.raises(RefusedError, match="no check-in"):
        await maya.next_check_in()
    now = int(playground.clock.unix())
    said = f"<!date^{now + 900}^{{time}}|later> <!date^{now - 900}^{{time}}|past>"
    await web.chat_postMessage(channel="UMAYA0001", text=said)
    home = {"type": "home", "blocks": [section(f"<!date^{now + 600}^{{time}}|soon>")]}
    await web.views_publish(user_id="UMAYA0001", view=home)
    await maya.next_check_in()
    assert abs(playground.clock.unix() - (now + 600)) < 2
    await maya.next_check_in()
    assert abs(playground.clock.unix() - (now + 900)) < 2


async def test_people_see_only_what_is_theirs(maya: Person, jonas: Person, web: AsyncWebClient) -> None:
    await web.chat_postMessage(channel="UMAYA0001", text="Private", blocks=[section("Private"), buttons("Done")])
    await maya.act("create_channel", name="secret", private=True)
    ts = (await maya.messages())[0]["ts"]
    maya_sees = await maya.state()
    assert (await jonas.state()).channel("#secret") is None
    assert await jonas.messages() == []
    with pytest.raises(RefusedError):
        await jonas.act("delete", channel=str((maya_sees.channel("app") or {})["id"]), ts=ts)
    with pytest.raises(LookupError):
        await jonas.click("Done")


async def test_what_slack_would_not_let_people_do(maya: Person, jonas: Person) -> None:
    ts = await maya.say("Mine", channel="#wins")
    attempts = [
        jonas.edit(ts, "Yours", "#wins"),
        jonas.delete(ts, "#wins"),
        maya.say("  "),
        maya.say("x", "C0NOWHERE"),
        maya.act("profile", shoe_size=43),
        jonas.act("uninstall"),
        maya.act("fly"),
        maya.act("say", channel="app"),
        maya.shortcut("nonsense"),
        maya.submit(),
    ]
    for attempt in attempts:
        with pytest.raises(RefusedError):
            await attempt


async def test_a_modal_remembers_what_was_typed_and_refuses_what_it_does_not_offer(
    playground: Playground, maya: Person
) -> None:
    async with over_sockets(playground) as app:
        await maya.command("/tiny", "form")
        await maya.fill("When", "Tuesday")
        await maya.click("Friday")
        await maya.click("Tuesday")
        with pytest.raises(RefusedError, match="not among the options"):
            await maya.fill("When", "Sunday")
        await maya.submit({"What": "fine"})
        values = app.of("view_submission")[-1]["view"]["state"]["values"]
        assert values["when"]["day"]["selected_option"]["value"] == "tuesday"


async def test_a_person_who_waits_in_vain_is_told_what_there_is(maya: Person, web: AsyncWebClient) -> None:
    await web.chat_postMessage(channel="UMAYA0001", text="Something else")
    with pytest.raises(TimeoutError, match="Something else"):
        await maya.sees("Godot", seconds=0.05)


async def test_state_survives_a_restart(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "state.json"
    async with running(state_file=file) as playground:
        web = web_client(playground)
        await web.chat_postMessage(channel="UMAYA0001", text="Kept", blocks=[section("Kept")])
        await web.files_upload_v2(channel=WINS, filename="x.bin", content=b"\x00\xff")
        await web.views_publish(user_id="UMAYA0001", view={"type": "home", "blocks": [section("Home")]})
        playground.clock.move_to(1234.5)
        last = playground.workspace.last_ts
    async with running(state_file=file) as playground, PlaygroundClient(playground.url) as slack:
        maya = slack.person("UMAYA0001")
        assert playground.clock.offset == 1234.5
        assert [m["text"] for m in await maya.messages()] == ["Kept"]
        assert (await maya.home_view() or {})["blocks"][0]["text"]["text"] == "Home"
        assert [file.data for file in playground.workspace.files.values()] == [b"\x00\xff"]
        again = await web_client(playground).chat_postMessage(channel="UMAYA0001", text="More")
        assert int(again["ts"].replace(".", "")) > last
        assert len(await maya.messages()) == 2


async def test_a_change_is_written_soon_without_being_asked(tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    async with running(state_file=file) as playground:
        playground.store.quiet_seconds = 0.0
        await web_client(playground).chat_postMessage(channel=WINS, text="Written")
        await web_client(playground).auth_test()
        assert "Written" in file.read_text()


async def test_half_a_character_spoils_neither_file_nor_page(tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    async with running(state_file=file) as playground, PlaygroundClient(playground.url) as slack:
        await slack.person("UMAYA0001").say("half \ud83d of a smile, whole \U0001f600")
        await web_client(playground).chat_postMessage(channel="UMAYA0001", text="and \udc00")
        assert [m["text"] for m in await slack.person("UMAYA0001").messages()] == [
            "half ? of a smile, whole :grinning:",
            "and ?",
        ]
    assert "of a smile" in file.read_text()


async def test_an_unreadable_state_file_is_set_aside(tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    file.write_text("nonsense")
    async with running(state_file=file) as playground:
        assert len(playground.workspace.people()) == 3
    assert (tmp_path / "state.unreadable").read_text() == "nonsense"


async def test_a_shared_file_can_be_fetched_but_is_no_page(playground: Playground, maya: Person) -> None:
    await maya.upload("page.html", "<script>alert(1)</script>")
    (message,) = await maya.messages()
    url = f"{playground.url}/control/files/{message['files'][0]['id']}"
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        assert response.content_type == "text/plain"
        assert "sandbox" in response.headers["Content-Security-Policy"]
        assert "script" in await response.text()


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("act/say", {"user": "UMAYA0001", "channel": "app", "text": 5}),
        ("act/say", {"user": "UMAYA0001", "channel": "app", "text": "x", "loud": True}),
        ("act/say", {"user": "U0BUDDY001", "channel": "app", "text": "x"}),
        ("act/click", {"user": "UMAYA0001", "container": {}, "action_id": "x"}),
        ("act/click", {"user": "UMAYA0001", "container": {"type": "view"}, "action_id": "x"}),
        ("act/submit", {"user": "UMAYA0001", "view_id": "V0", "values": []}),
        ("act/profile", {"user": "UMAYA0001", "tz": "Middle/Earth"}),
        ("act/profile", {"user": "UMAYA0001", "deleted": "maybe"}),
        ("options", {"user": "UMAYA0001"}),
        ("clock", {"to": "soon"}),
        ("clock", {}),
        ("faults", {"method": "*"}),
    ],
)
async def test_nonsense_is_refused_with_a_sentence(slack: PlaygroundClient, path: str, body: dict[str, object]) -> None:
    with pytest.raises(RefusedError, match=r"\w"):
        await slack.request("POST", f"/control/{path}", body)


async def test_other_web_pages_cannot_act_here(playground: Playground) -> None:
    async with aiohttp.ClientSession() as session:
        for origin, status in (("https://evil.example", 403), ("null", 403), (playground.url, 200)):
            url, headers = f"{playground.url}/control/clock", {"Origin": origin}
            async with session.post(url, json={"forward": 1}, headers=headers) as response:
                assert response.status == status
    assert playground.clock.offset == 1


@pytest.mark.parametrize(
    ("path", "site", "status"),
    [
        ("/api/conversations.open?users=UMAYA0001&token=xoxb-playground", "cross-site", 403),
        ("/api/conversations.open?users=UMAYA0001&token=xoxb-playground", "same-site", 403),
        ("/control/state?user=UMAYA0001", "cross-site", 403),
        ("/control/state?user=UMAYA0001", "same-origin", 200),
        ("/", "cross-site", 200),
    ],
)
async def test_another_pages_image_does_nothing_here(playground: Playground, path: str, site: str, status: int) -> None:
    """A GET has no Origin, and the playground's tokens are known to all."""
    headers = {"Sec-Fetch-Site": site}
    async with aiohttp.ClientSession() as session, session.get(f"{playground.url}{path}", headers=headers) as response:
        assert response.status == status


async def test_a_name_pointed_at_this_machine_makes_a_page_none_of_ours(playground: Playground) -> None:
    """Their page and this server would then be one and the same to a browser."""
    async with aiohttp.ClientSession() as session:
        for host, status in (("evil.example", 403), ("localhost", 200), ("127.0.0.1", 200)):
            named = f"{host}:{playground.url.rpartition(':')[2]}"
            headers = {"Host": named, "Origin": f"http://{named}"}
            for path in ("/", "/control/state?user=UMAYA0001", "/control/calls"):
                async with session.get(f"{playground.url}{path}", headers=headers) as response:
                    assert response.status == status


async def test_saving_an_edit_that_changes_nothing_sends_nothing(maya: Person) -> None:
    ts = await maya.say("same")
    await maya.edit(ts, "same")
    assert "edited" not in (await maya.messages())[0]


async def test_a_reply_to_a_reply_belongs_to_the_parent(maya: Person) -> None:
    parent = await maya.say("parent")
    reply = await maya.say("reply", thread=parent)
    await maya.say("reply to the reply", thread=reply)
    assert [m["text"] for m in await maya.messages(thread=parent)] == ["reply", "reply to the reply"]


async def test_starting_over_empties_both_sides() -> None:
    cleared: list[bool] = []

    async def clear() -> None:
        cleared.append(True)

    async with running(on_start_over=clear) as playground, PlaygroundClient(playground.url) as slack:
        maya = slack.person("UMAYA0001")
        await web_client(playground).chat_postMessage(channel="UMAYA0001", text="Gone soon")
        await slack.forward(3600)
        await slack.start_over()
        assert cleared == [True]
        assert playground.clock.offset == 0
        assert await maya.messages() == []
        assert (await web_client(playground).chat_postMessage(channel="UMAYA0001", text="New"))["ok"]


async def test_two_views_of_one_name_open_modals_keep_apart(playground: Playground, slack: PlaygroundClient) -> None:
    async with over_sockets(playground):
        maya, jonas = slack.person("UMAYA0001"), slack.person("UJONAS001")
        await maya.command("/tiny", "form")
        assert await jonas.modal() is None
        view_id = (await maya.modal() or {})["id"]
        with pytest.raises(RefusedError):
            await jonas.act("close", view_id=view_id)
        assert modal()["title"] == (await maya.modal() or {})["title"]
