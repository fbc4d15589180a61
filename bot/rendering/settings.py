"""What an admin chooses for the whole workspace: the channel where shared wins appear, and whom people can talk to."""

from typing import Any, Final

from bot.domain.wins import Trouble
from bot.domain.workspaces import Workspace
from bot.rendering.blocks import Block, Element, View, context, field, modal, section, text_input
from bot.rendering.ids import Callback

CHANNEL: Final = "wins_channel"
"""The block of the channel."""

CONTACTS: Final = "contacts"
"""The block of those whom people can talk to."""

MOST_CONTACTS: Final = 500
"""Characters."""

TITLE: Final = "Settings"


def settings_view(
    workspace: Workspace,
    *,
    is_admin: bool,
    chosen: str | None = None,
    contacts: str | None = None,
    trouble: Trouble | None = None,
    share: int | None = None,
) -> View:
    """Admins choose; others read what is set and who can change it.

    `chosen` is a channel that was refused because of `trouble`, and `contacts` what was typed beside it. `share` is the
    win at which the question came up.
    """
    current = workspace.wins_channel_id
    if not is_admin:
        line = f"Wins that people share go to <#{current}>." if current else "There's no channel for shared wins yet."
        return modal(
            Callback.SETTINGS, TITLE, [section(f"{line} Admins of this workspace can choose it, here in Settings.")]
        )
    blocks: list[Block] = [
        field(
            "Where do shared wins go?",
            _channel_select(chosen or current),
            block_id=CHANNEL,
            hint="One of your own workspace, with me in it. Everyone there sees what people choose to share.",
            optional=share is None,
        )
    ]
    if trouble is not None and chosen is not None:
        blocks.insert(0, section(choosing_trouble(trouble, chosen, workspace.bot_user_id)))
    if share is None:
        named = workspace.contacts if contacts is None else contacts
        blocks.append(
            field(
                "Whom can people talk to?",
                text_input(CONTACTS, initial=named or "", multiline=True, most=MOST_CONTACTS),
                block_id=CONTACTS,
                hint="Shown to whoever would rather talk to a person than to me.",
                optional=True,
            )
        )
    else:
        blocks.append(context("Your win goes there as soon as you save. You can take it back."))
    return modal(
        Callback.SETTINGS,
        TITLE,
        blocks,
        submit="Save" if share is None else "Save and share",
        close="Not now",
        metadata="" if share is None else str(share),
    )


def choosing_trouble(trouble: Trouble, channel_id: str, bot_user_id: str) -> str:
    """Why a channel cannot be taken, and what to do."""
    where = f"<#{channel_id}>"
    return {
        Trouble.EXTERNAL: f"{where} is shared with other companies. Choose one that only your own workspace sees.",
        Trouble.ARCHIVED: f"{where} is archived. Choose another one.",
        Trouble.NOT_IN: f"I'm not in {where} yet. Type `/invite` and <@{bot_user_id}> there, then save once more.",
    }.get(trouble, "Slack gave no answer just now. Save once more.")


def _channel_select(chosen: str | None) -> Element:
    element: dict[str, Any] = {
        "type": "conversations_select",
        "action_id": "channel",
        "filter": {
            "include": ["public", "private"],
            "exclude_bot_users": True,
            "exclude_external_shared_channels": True,
        },
    }
    return element | ({"initial_conversation": chosen} if chosen else {})
