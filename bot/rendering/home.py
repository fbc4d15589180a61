"""App Home: the next thing first, then everything else, each one click from change."""

from typing import Final

from bot.domain.agreements import Initiative, Terms, Tone
from bot.domain.calendar import clock_label, local_date, same_local_day
from bot.domain.commitments import State
from bot.domain.guides.guide import ONLY_YOU
from bot.domain.overview import Overview, Standing
from bot.domain.wins import Win
from bot.rendering.blocks import Block, View, actions, button, context, header, home, quote, section
from bot.rendering.copy import WHO_SEES_THIS
from bot.rendering.dates import at, at_time, day, hours_after
from bot.rendering.ids import Action, act
from bot.rendering.lists import standing_line
from bot.rendering.pauses import quiet
from bot.rendering.privacy import delete_button
from bot.rendering.rests import hours_in_words, resting
from bot.rendering.zones import place

SHOWN: Final = 20
"""Commitments in Home, which takes a hundred blocks."""

INVITATION: Final = (
    "Tell me one thing you want to do. I'll ask about it when you choose. Stop or delete everything any time."
)
TONES: Final = {Tone.GENTLE: "asked gently", Tone.DIRECT: "asked directly", Tone.QUESTIONS: "questions only"}


def home_view(overview: Overview) -> View:
    """Home as it is now for one member."""
    if overview.member.stopped_at is not None:
        return home(_stopped())
    if overview.is_first_visit:
        return home([section(INVITATION), actions([button("Make a commitment", Action.OPEN_COMMIT, style="primary")])])
    return home([*_next(overview), *_commitments(overview), *_wins(overview), *_rules(overview)])


def rules_in_words(terms: Terms) -> str:
    """The ground rules in one sentence."""
    if terms.initiative is Initiative.I_START:
        asked = "You start check-ins"
    else:
        asked = f"Check-ins {terms.cadence.describe()} ({place(terms.cadence.zone)} time)"
    when = hours_after(terms.remind_after) if terms.remind_after else f"at {clock_label(terms.remind_at)}"
    silence = f"once more {when} if I hear nothing" if terms.remind else "no reminder"
    quiet_hours = f", quiet from {hours_in_words(terms.quiet_hours)}" if terms.quiet_hours else ""
    return f"{asked}, {TONES[terms.tone]}, {silence}{quiet_hours}. Nobody else sees it."


def _stopped() -> list[Block]:
    start = button("Start again", Action.START_AGAIN, style="primary")
    return [
        section("Check-ins are stopped. What you wrote is still here, for you alone."),
        actions([start, button("Export my data", Action.EXPORT), delete_button()]),
    ]


def _next(overview: Overview) -> list[Block]:
    buttons = [
        button("New commitment", Action.OPEN_COMMIT, style="primary"),
        button("Check in now", Action.OPEN_CHECK_IN),
        button("Log a win", Action.OPEN_WIN),
    ]
    return [header("Next"), section("\n".join(_next_things(overview))), actions(buttons)]


def _next_things(overview: Overview) -> list[str]:
    zone, next_at = overview.zone, overview.next_at
    if overview.member.is_paused(overview.now):
        until = overview.member.paused_until
        return [quiet(until, zone, overview.today)]
    if overview.member.quiet_since is not None:
        return ["I'll be quiet until I hear from you. Anything you click or write will do."]
    if overview.resting is not None:
        return [resting(overview.resting)]
    things = [f"Today: {quote(one.text)}" for one in overview.due_today[:3]]
    if overview.waiting:
        once_more = f" I'll ask once more at {at_time(overview.remind_at, zone)}." if overview.remind_at else ""
        things.append(f"Today's check-in is in Messages, whenever you like.{once_more}")
    if next_at is not None:
        today = same_local_day(next_at, overview.now, zone)
        things.insert(0 if today else len(things), f"Check-in: {at(next_at, zone)}")
    if things:
        return things
    if overview.active:
        return ["Nothing is planned: you start check-ins."]
    return ["Nothing is active, so there are no check-ins."]


def _commitments(overview: Overview) -> list[Block]:
    blocks = [header("Commitments")] if overview.standings else []
    for one in overview.standings[:SHOWN]:
        blocks += _standing(one, overview)
    more = len(overview.standings) - SHOWN
    if more > 0:
        blocks.append(actions([button(f"{more} more", Action.OPEN_LIST)]))
    elif overview.standings or overview.closed:
        blocks.append(actions([button("The whole list", Action.OPEN_LIST)]))
    return blocks


def _standing(standing: Standing, overview: Overview) -> list[Block]:
    line = standing_line(standing, overview.zone, overview.today, said=overview.next_at)
    commitment = standing.commitment
    if commitment.state is not State.ACTIVE:
        return [line]
    ready = button("How ready am I?", act(Action.RULER, commitment.id), says=f"How ready am I? {commitment.text}")
    why = button("Remind me why", act(Action.WHY, commitment.id), says=f"Remind me why: {commitment.text}")
    plan = button("If … then …", act(Action.PLAN, commitment.id), says=f"An if-then plan for {commitment.text}")
    once = button("Try it once", act(Action.TRY, commitment.id), says=f"Try once: {commitment.text}")
    return [line, actions([ready, why, plan, once])]


def _wins(overview: Overview) -> list[Block]:
    if not overview.wins:
        return []
    return [header("Recent wins"), *(_win(win) for win in overview.wins)]


def _win(win: Win) -> Block:
    seen_by = ONLY_YOU if win.is_private else f"shared in <#{win.channel_id}>"
    return section(f"{quote(win.text)}\n_{seen_by}_", accessory=button("Change", act(Action.EDIT_WIN, win.id)))


def _rules(overview: Overview) -> list[Block]:
    paused = overview.member.is_paused(overview.now)
    agreed = (
        f"Agreed on {day(local_date(overview.agreed_at, overview.zone), overview.today)}."
        if overview.agreed_at
        else "These hold until you change them."
    )
    buttons = [
        button("Days", Action.OPEN_DAYS),
        button("Ground rules", Action.OPEN_RULES),
        button("Time off", Action.OPEN_TIME_OFF),
        button("Resume", Action.RESUME) if paused else button("Pause", Action.OPEN_PAUSE),
        button(WHO_SEES_THIS, Action.OPEN_PRIVACY),
    ]
    if overview.member.is_admin:
        buttons.append(button("Settings", Action.OPEN_SETTINGS))
    buttons.append(button("Stop", Action.OPEN_STOP))
    return [header("Ground rules"), section(rules_in_words(overview.terms)), context(agreed), actions(buttons)]
