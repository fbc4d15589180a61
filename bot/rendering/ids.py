"""The names of everything that can be clicked or filled in.

What a click is about stands behind the name: `act(Action.ANSWER, 12, "moving")` is "check_in.answer:12:moving". So
every id of a message is unique, and nothing else has to travel with a button.
"""

import re
from enum import StrEnum


class Shortcut(StrEnum):
    """callback_ids of the manifest's shortcuts."""

    COMMIT = "shortcut.commit"
    KEEP_AS_WIN = "shortcut.keep_as_win"


class Callback(StrEnum):
    """callback_ids of modals; what one is about is in its private_metadata."""

    COMMIT = "commit"
    CHANGE = "commitment.change"
    MOVE = "commitment.move"
    FORM = "conversation.form"
    KEPT_WORDS = "conversation.kept_words"
    WIN = "win"
    WIN_EDIT = "win.edit"
    LIST = "list"
    DAYS = "days"
    RULES = "rules"
    PAUSE = "pause"
    TIME_OFF = "time_off"
    SNOOZE = "check_in.later"
    STOP = "stop"
    SETTINGS = "settings"
    PRIVACY = "privacy"


class Action(StrEnum):
    """What can be clicked."""

    # App Home and help
    OPEN_COMMIT = "commit.open"
    OPEN_CHECK_IN = "check_in.open"
    OPEN_WIN = "win.open"
    OPEN_LIST = "list.open"
    OPEN_DAYS = "days.open"
    OPEN_RULES = "rules.open"
    OPEN_PAUSE = "pause.open"
    OPEN_PERSON = "person.open"
    OPEN_TIME_OFF = "time_off.open"
    OPEN_STOP = "stop.open"
    OPEN_SETTINGS = "settings.open"
    OPEN_PRIVACY = "privacy.open"
    # commitments
    CHANGE = "commitment.change"
    STAGE = "commitment.stage"
    COMMIT_WHEN = "commit.when"
    # check-ins
    ANSWER = "check_in.answer"
    ALL_MOVING = "check_in.all_moving"
    HABIT_DAYS = "check_in.days"
    HABIT_EVERY_DAY = "check_in.every_day"
    HABIT_SAVE = "check_in.days_done"
    MORE = "check_in.more"
    CHANGE_ANSWER = "check_in.change_answer"
    LEAVE_IT = "check_in.leave_it"
    LOOK_AT_IT = "check_in.look_at_it"
    DROP_NOTE = "check_in.drop_note"
    NOTE_ON = "check_in.note_on"
    SNOOZE = "check_in.later"
    WAKE = "check_in.wake"
    # guided conversations
    CHOOSE = "conversation.choose"
    AS_BEFORE = "conversation.as_before"
    SKIP = "conversation.skip"
    LATER = "conversation.later"
    MENU = "conversation.menu"
    LET_GO = "conversation.let_go"
    NOT_AN_ANSWER = "conversation.not_an_answer"
    CHANGE_WORDS = "conversation.change_words"
    GO_ON = "conversation.go_on"
    LEAVE = "conversation.leave"
    ERASE = "conversation.erase"
    KEEP = "conversation.keep"
    WHY = "conversation.why"
    RULER = "conversation.ruler"
    PLAN = "conversation.plan"
    REMIND_AT = "cue.remind_at"
    STOP_CUE = "cue.stop"
    CUE_MENU = "cue.menu"
    TRY = "conversation.try"
    # wins
    SHARE_OFFER = "win.offer"
    PREVIEW_WIN = "win.preview"
    SHARE = "win.share"
    KEEP_WIN = "win.keep"
    EDIT_WIN = "win.edit"
    TAKE_BACK = "win.take_back"
    CHEER = "win.cheer"
    POSTED = "win.posted"
    POST_AGAIN = "win.post_again"
    # the list
    PAUSE_ONE = "list.pause"
    RESUME_ONE = "list.resume"
    LET_GO_ONE = "list.let_go"
    RESTORE = "list.restore"
    CHANGE_WHEN = "list.when"
    ITEM_MENU = "list.menu"
    # another time zone
    KEEP_ZONE = "zone.keep"
    MOVE_ZONE = "zone.move"
    # after silence
    AFTER_SILENCE = "silence.way"
    SILENCE_REASON = "silence.reason"
    ASK_LESS = "silence.ask_less"
    ASK_AS_BEFORE = "silence.as_before"
    # ground rules, pausing and stopping
    PREVIEW_DAYS = "days.preview"
    CALENDAR_FILE = "days.calendar_file"
    RESUME = "pause.resume"
    REST_TODAY = "rest.today"
    REST_WEEK = "rest.week"
    UNDO_REST = "rest.undo"
    MOVE_PASSED = "welcome.move"
    LET_PASSED_GO = "welcome.let_go"
    BRING_PASSED_BACK = "welcome.bring_back"
    START_AGAIN = "stop.start_again"
    EXPORT = "stop.export"
    DELETE = "stop.delete"


def act(action: Action, *about: int | str) -> str:
    """The action_id of one thing to click."""
    return ":".join([action, *map(str, about)])


def about(action_id: str) -> tuple[str, ...]:
    """What stands behind the name in an action_id."""
    return tuple(action_id.split(":")[1:])


def any_of(action: Action) -> re.Pattern[str]:
    """Matches an action whatever it is about."""
    return re.compile(rf"^{re.escape(action)}(:.*)?$")
