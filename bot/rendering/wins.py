"""Wins: the preview in the direct message, the post in the channel, the modals, who cheered."""

from collections.abc import Mapping, Sequence
from typing import Final

from bot.domain.wins import MAX_TEXT, Cheered, CheerKind, Trouble, Win, WinState
from bot.domain.workspaces import Workspace
from bot.rendering.blocks import (
    INPUT_MAX,
    Block,
    Element,
    Message,
    View,
    actions,
    button,
    context,
    field,
    modal,
    plain,
    quote,
    section,
    text_input,
)
from bot.rendering.ids import Action, Callback, act

TEXT: Final = "win_text"
"""The block of a win's words."""

CHEERS: Final[Mapping[CheerKind, tuple[str, str]]] = {
    CheerKind.CLAP: ("👏", "Clap"),
    CheerKind.PARTY: ("🎉", "Celebrate"),
    CheerKind.STRONG: ("💪", "Strong"),
}

PIECE: Final = 3000
"""Characters of a quotation in one block, as many as a section takes."""

NAMES: Final = 40
"""Of those who cheered one win, as many are named."""

WINS_TOLD: Final = 10
"""As many have a line of their own when their owner hears who cheered."""

NOT_YOURS: Final = (
    "A win of yours is something you wrote yourself, so this one stays where it is. "
    "`/buddy win` keeps it in your own words."
)


# In the owner's direct message


def preview(
    win: Win, owner: str, workspace: Workspace, *, trouble: Trouble | None = None, unfolded: bool = False
) -> Message:
    """The win as it would look, with its buttons; one line once its owner has decided. `owner` is a Slack id."""
    if win.state is WinState.DRAFT or (unfolded and win.is_private):
        return _whole(win, owner, workspace, trouble)
    return _folded(win, workspace, trouble)


def _whole(win: Win, owner: str, workspace: Workspace, trouble: Trouble | None) -> Message:
    channel = workspace.wins_channel_id
    buttons = [
        _share_button(win, workspace),
        button("Keep for myself", act(Action.KEEP_WIN, win.id)),
        button("Edit", act(Action.EDIT_WIN, win.id), says="Edit this win"),
    ]
    lines = [
        section(f"If you share it in <#{channel}>, it looks like this:" if channel else "Shared, it looks like this:"),
        *_shared(win, owner),
        *_troubles(trouble, workspace),
        actions(buttons),
        context("Only you see this until you share it."),
    ]
    return f"To share or to keep: {quote(win.text)}", lines


def _share_button(win: Win, workspace: Workspace) -> Element:
    """It names the channel, and shares there or nowhere."""
    channel, name = workspace.wins_channel_id, workspace.wins_channel_name
    if channel is None:
        return button("Share with the team", act(Action.SHARE, win.id), style="primary")
    label = f"Share in #{name}" if name else "Share in the wins channel"
    return button(label, act(Action.SHARE, win.id, channel), style="primary")


def _folded(win: Win, workspace: Workspace, trouble: Trouble | None) -> Message:
    edit = button("Edit", act(Action.EDIT_WIN, win.id), says="Edit this win")
    again = button("Share…", act(Action.PREVIEW_WIN, win.id), says="Share it: you see it first")
    back = button("Take back", act(Action.TAKE_BACK, win.id), says="Take it out of the channel")
    where = f"<#{win.channel_id}>"
    line, buttons = {
        WinState.SHARED: (f"Shared in {where}: {quote(win.text)}", [edit, back]),
        WinState.UNSURE: (f"Perhaps in {where}, see below: {quote(win.text)}", [edit]),
        WinState.TAKEN_BACK: (f"Taken back, so only you have it: {quote(win.text)}", [again, edit]),
    }.get(win.state, (f"Kept for yourself: {quote(win.text)}", [again, edit]))
    return line, [section(line), *_troubles(trouble, workspace), actions(buttons)]


def _troubles(trouble: Trouble | None, workspace: Workspace) -> list[Block]:
    return [section(sharing_trouble(trouble, workspace))] if trouble else []


def sharing_trouble(trouble: Trouble, workspace: Workspace) -> str:
    """What stands in the way of sharing, who can change it, and that nothing is lost."""
    where = f"<#{workspace.wins_channel_id}>"
    by_admin = (
        "An admin of this workspace can choose another channel with `/buddy settings`. Until then it's kept here."
    )
    return {
        Trouble.NO_CHANNEL: "There's no channel for wins yet. An admin of this workspace can choose one with "
        "`/buddy settings`. Until then it's kept here.",
        Trouble.MOVED: f"Wins go to {where} now, so nothing was shared yet. Is that all right with you?",
        Trouble.EXTERNAL: f"{where} is shared with other companies, so nothing was posted. {by_admin}",
        Trouble.ARCHIVED: f"{where} is archived, so nothing was posted. {by_admin}",
        Trouble.NOT_IN: f"I'm not in {where}, so nothing was posted. If someone there types `/invite` and "
        f"<@{workspace.bot_user_id}>, it works. Until then it's kept here.",
        Trouble.NO_ANSWER: "Slack gave no answer just now, so nothing was shared. It's kept here: try once more.",
        Trouble.REFUSED: f"Slack wouldn't take it in {where}, so nothing was posted. It's kept here, only for you.",
        Trouble.NOT_FOUND: f"I don't know where in {where} it is. If you still see it there, click any button "
        "below it, and it goes.",
    }[trouble]


def doubt(win: Win, *, is_answer: bool) -> Message:
    """The question whether a post arrived; once answered, the line that stays."""
    where = f"<#{win.channel_id}>"
    if win.state is not WinState.UNSURE:
        line = f"{quote(win.text)} is in {where}." if not win.is_private else f"{quote(win.text)} is only yours."
        return (f"Good. {line}" if is_answer else line), [section(line)]
    line = f"Slack didn't say whether your win arrived. Is it in {where}?"
    buttons = [button("Yes", act(Action.POSTED, win.id)), button("Post again", act(Action.POST_AGAIN, win.id))]
    return line, [section(f"{line}\n{quote(win.text)}"), actions(buttons)]


def cheers_told(cheered: Sequence[tuple[Win, Sequence[str]]]) -> Message:
    """Who cheered, win by win: names, no totals."""
    lines = [f"{quote(win.text, 80)}: {names(people)}" for win, people in cheered[:WINS_TOLD]]
    others = [slack_id for _, people in cheered[WINS_TOLD:] for slack_id in people]
    if others:
        lines.append(f"And for other wins of yours: {names(others)}")
    return "Someone cheered for what you shared.", [
        section("Cheered since you last heard:"),
        *[section(line) for line in lines],
    ]


def names(people: Sequence[str]) -> str:
    """Slack ids as mentions, each once."""
    mentions = [f"<@{slack_id}>" for slack_id in dict.fromkeys(people)]
    return ", ".join(mentions[:NAMES]) + (" and others" if len(mentions) > NAMES else "")


# In the channel


def post(win: Win, owner: str, people: Mapping[CheerKind, int]) -> Message:
    """What everyone in the channel sees. `people`: how many cheered with each button."""
    notes = [f"Cheering tells <@{owner}> your name."]
    if win.introduces:
        notes.insert(0, "Only wins that people chose to share appear here.")
    buttons = [
        button(
            f"{sign} {people[kind]}" if people.get(kind) else sign,
            act(Action.CHEER, win.id, kind),
            says=f"{label}, {people.get(kind, 0)} so far. They will see your name.",
        )
        for kind, (sign, label) in CHEERS.items()
    ]
    blocks = [*_shared(win, owner), actions(buttons), context(*notes)]
    return f"<@{owner}> shares a win: {quote(win.text, 300)}", blocks


def whisper(how: Cheered, owner: str) -> str:
    """What only the one who clicked sees."""
    return {
        Cheered.OWN: "That one is yours. Others can cheer here.",
        Cheered.GONE: "That one was taken back, so there's nothing to cheer any more.",
    }.get(how, f"<@{owner}> will see your name.")


def _shared(win: Win, owner: str) -> list[Block]:
    return [section(f"<@{owner}> shares a win:"), *quoted(win.text)]


def quoted(text: str) -> list[Block]:
    """A member's words, whole, as plain text: Slack shows emoji in it, and formats, links and pings nothing."""
    pieces = [text[start : start + PIECE] for start in range(0, len(text), PIECE)]
    return [{"type": "section", "text": plain(piece)} for piece in pieces]


# Modals


def win_view(text: str, *, metadata: str = "") -> View:
    """`text` too long for a win is there to be shortened, and what does not even fit in a field stands below it."""
    blocks: list[Block] = [_text_field(text, "only you until you share it")]
    if len(text) > MAX_TEXT:
        blocks.insert(0, section(too_long(text)))
    if len(text) > INPUT_MAX:
        blocks += [section("This didn't fit in the field; copy from it what you need:"), *quoted(text[INPUT_MAX:])]
    return modal(Callback.WIN, "A win", blocks[:100], submit="See it first", close="Not now", metadata=metadata)


def too_long(text: str) -> str:
    return f"That's {len(text):,} characters, and a win has room for {MAX_TEXT:,}. The short version works best."


def win_edit_view(win: Win) -> View:
    who = "only you until you share it" if win.is_private else "everyone in the channel"
    return modal(Callback.WIN_EDIT, "Edit the win", [_text_field(win.text, who)], submit="Save", metadata=str(win.id))


def _text_field(text: str, who: str) -> Block:
    typed = text_input("text", initial=text, multiline=True, most=MAX_TEXT, focus=True)
    return field(f"What went well? ({who})", typed, block_id=TEXT)


def notice_view(text: str) -> View:
    """A sentence in a modal, where nothing else can say it."""
    return modal(Callback.WIN, "A win", [section(text)])
