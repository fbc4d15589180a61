"""What Slack sends, read by pydantic: hostile until it fits. Handlers see these, never a raw body."""

from collections.abc import Mapping
from datetime import date, time
from typing import Annotated, Any, Final

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from bot.domain.calendar import Weekday
from bot.rendering.ids import Action, Callback, about
from handlers.typed import keepable

ON: Final = "@"
"""Stands in a modal's metadata between what it is about and what it lies on."""


Words = Annotated[str, AfterValidator(keepable)]
"""What somebody typed."""


class Payload(BaseModel):
    """Keeps what it names and ignores the rest."""

    model_config = ConfigDict(frozen=True, extra="ignore", coerce_numbers_to_str=True)


class Choice(Payload):
    """The value of a chosen option."""

    value: str


class Input(Payload):
    """The state of one input, whichever kind it is."""

    type: str = ""
    value: Words | None = None
    selected_option: Choice | None = None
    selected_options: tuple[Choice, ...] = ()
    selected_date: date | None = None
    selected_time: time | None = None
    selected_conversation: str | None = None

    @property
    def chosen(self) -> str | None:
        """What was chosen or typed, if it is one thing."""
        if self.selected_option is not None:
            return self.selected_option.value
        return self.value or self.selected_conversation

    @property
    def all_chosen(self) -> tuple[str, ...]:
        return tuple(option.value for option in self.selected_options)

    @property
    def weekdays(self) -> tuple[Weekday, ...]:
        """Raises ValueError for what is none."""
        return tuple(Weekday(int(value)) for value in self.all_chosen)


class State(Payload):
    """state.values: {block_id: {action_id: input}}."""

    values: Mapping[str, Mapping[str, Input]] = Field(default_factory=dict)

    def of(self, block_id: str) -> Input:
        """The input of a block that holds one; an empty one when it is not there."""
        return next(iter(self.values.get(block_id, {}).values()), Input())


class Block(Payload):
    type: str = ""
    block_id: str = ""


class View(Payload):
    """`private_metadata` holds ids that we put there; still parsed by whoever reads it."""

    id: str
    hash: str = ""
    type: str = "modal"
    callback_id: str = ""
    private_metadata: str = ""
    root_view_id: str | None = None
    previous_view_id: str | None = None
    blocks: tuple[Block, ...] = ()
    state: State = Field(default_factory=State)

    @property
    def fields(self) -> tuple[str, ...]:
        """The blocks that can be filled in."""
        return tuple(block.block_id for block in self.blocks if block.type == "input")

    @property
    def about(self) -> str:
        """What the modal is about: the id in its metadata, or nothing."""
        return self.private_metadata.partition(ON)[0]

    @property
    def lies_on(self) -> str:
        """The callback_id of the modal below, when it was put on top of one."""
        return self.private_metadata.partition(ON)[2]

    def below(self, callback: Callback) -> str | None:
        """The id of the modal below, when it is that one."""
        return self.previous_view_id if self.lies_on == callback else None

    @property
    def is_full_stack(self) -> bool:
        """Whether two modals lie under it: Slack takes no fourth."""
        return self.previous_view_id is not None and self.previous_view_id != self.root_view_id


class Identity(Payload):
    id: str


class Team(Payload):
    id: str


class Person(Payload):
    """Who acts, and the workspace that the app they see is installed in.

    `team` is that, mostly: in a channel shared with another company it may be the person's own, and the view knows
    better; within an organisation it can be missing, and then the person's is the one.
    """

    team: Team
    user: Identity

    @model_validator(mode="before")
    @classmethod
    def _with_team(cls, body: object) -> object:
        if not isinstance(body, dict):
            return body
        given = [
            _part(body, "view").get("app_installed_team_id"),
            _part(body, "team").get("id"),
            _part(body, "user").get("team_id"),
            _part(body, "view").get("team_id"),
        ]
        return {**body, "team": {"id": next((team_id for team_id in given if team_id), None)}}


class MessageRef(Payload):
    ts: str = ""
    text: str = ""
    user: str | None = None
    bot_id: str | None = None


class Container(Payload):
    message_ts: str | None = None
    channel_id: str | None = None
    is_ephemeral: bool = False


class Clicked(Input):
    action_id: str
    action_ts: str = ""


class Click(Person):
    """A block_actions payload; Slack sends one action at a time."""

    actions: tuple[Clicked, ...] = Field(min_length=1)
    container: Container = Field(default_factory=Container)
    channel: Identity | None = None
    message: MessageRef | None = None
    view: View | None = None
    state: State | None = None
    """Of the message that was clicked, with what nobody has told us yet. A view has its own."""
    trigger_id: str = ""

    @property
    def action(self) -> Clicked:
        return self.actions[0]

    @property
    def about(self) -> tuple[str, ...]:
        """What stands behind the action's name: see `bot.rendering.ids`."""
        return about(self.action.action_id)

    @property
    def name(self) -> Action:
        return Action(self.action.action_id.partition(":")[0])

    def word(self, place: int = 0) -> str:
        """What stands there behind the action's name. Raises ValueError when nothing does."""
        try:
            return self.about[place]
        except IndexError:
            raise ValueError("the action names nothing") from None

    def number(self, place: int = 0) -> int:
        """The same as an id. Raises ValueError when it is none."""
        return int(self.word(place))

    @property
    def key(self) -> str:
        return f"click:{self.action.action_ts}:{self.user.id}:{self.action.action_id}"[:255]

    @property
    def channel_id(self) -> str | None:
        return self.container.channel_id or (self.channel.id if self.channel else None)

    @property
    def ts(self) -> str | None:
        """The message that was clicked."""
        return self.container.message_ts or (self.message.ts if self.message else None)


class Submission(Person):
    """A view_submission payload."""

    view: View
    trigger_id: str = ""

    @property
    def key(self) -> str:
        return f"view:{self.view.id}:{self.view.hash}"[:255]

    def of(self, block_id: str) -> Input:
        return self.view.state.of(block_id)


class CommandCall(Payload):
    """A slash command. `command` is the installed name."""

    team_id: str
    user_id: str
    channel_id: str = ""
    channel_name: str = ""
    command: str
    text: Words = ""
    trigger_id: str = ""

    def is_typed_in(self, dm: str | None) -> bool:
        """Whether it was typed in this direct message; while it is not known, any direct message will do."""
        return self.channel_id == dm if dm else self.channel_name == "directmessage"

    @property
    def key(self) -> str:
        return f"command:{self.trigger_id}"[:255]


class ShortcutCall(Person):
    """A global shortcut, or a message shortcut (then `message` and `channel` are there)."""

    callback_id: str
    trigger_id: str = ""
    action_ts: str = ""
    message: MessageRef | None = None
    channel: Identity | None = None

    @property
    def key(self) -> str:
        return f"shortcut:{self.user.id}:{self.callback_id}:{self.action_ts or self.trigger_id}"[:255]


class Authorization(Payload):
    team_id: str | None = None


class Event(Payload):
    """An Events API body. `event` is what happened, `event_time` when Slack saw it, to the second."""

    event_id: str
    event: dict[str, Any]
    event_time: AwareDatetime | None = None
    team_id: str | None = None
    authorizations: tuple[Authorization, ...] | None = None

    @property
    def sent_for(self) -> str:
        """The team that it was sent to us for: a shared channel's event may come from another. Empty when an event,
        such as an organisation's, names none."""
        named = self.authorizations[0].team_id if self.authorizations else None
        return named or self.team_id or ""


def _part(body: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = body.get(name)
    return part if isinstance(part, dict) else {}
