"""Where are you with it, how ready, why; and every click in a guided conversation."""

from bot.domain.guides.guide import GuideId
from bot.domain.guides.sitting import Move, Reply
from bot.domain.members import Member
from bot.domain.readiness import LEAVE_IT_THERE, Stage
from bot.rendering.conversations import Menu, form_view, kept_words_view
from bot.rendering.ids import Action, Callback
from bot.rendering.privacy import privacy_view
from handlers.desk import Desk
from handlers.payloads import Click, Input, Submission
from handlers.reactions import Open, Reaction

SITTINGS = {
    Action.RULER: GuideId.RULER,
    Action.WHY: GuideId.REMIND_ME_WHY,
    Action.PLAN: GuideId.IF_THEN,
    Action.TRY: GuideId.TRY_ONCE,
}
BUTTONS = {Action.SKIP: Move.SKIP, Action.LATER: Move.LATER, Action.LET_GO: Move.LET_GO}
MENU = {Menu.BACK: Move.BACK, Menu.LEAVE: Move.STOP}


def register(desk: Desk) -> None:
    topic = _Conversations(desk)
    desk.click(Action.STAGE, topic.stage)
    for action in SITTINGS:
        desk.click(action, topic.open)
    desk.click(Action.CHOOSE, topic.choose)
    desk.click(Action.AS_BEFORE, topic.as_before)
    for action in BUTTONS:
        desk.click(action, topic.move)
    desk.click(Action.MENU, topic.menu)
    desk.click(Action.NOT_AN_ANSWER, topic.not_an_answer)
    desk.click(Action.CHANGE_WORDS, topic.change_words)
    desk.click(Action.GO_ON, topic.go_on)
    desk.click(Action.LEAVE, topic.leave)
    desk.submit(Callback.FORM, topic.save_form)
    desk.submit(Callback.KEPT_WORDS, topic.save_words)


class _Conversations:
    def __init__(self, desk: Desk) -> None:
        self._conversations = desk.services.conversations
        self._readiness = desk.services.readiness

    async def stage(self, click: Click, member: Member) -> None:
        value = click.action.chosen or click.word(1)
        stage = None if value == LEAVE_IT_THERE else Stage(value)
        await self._readiness.choose(member, click.number(), stage, key=click.key, ts=click.ts)

    async def open(self, click: Click, member: Member) -> None:
        await self._readiness.open(member, click.number(), SITTINGS[click.name], key=click.key)

    async def choose(self, click: Click, member: Member) -> None:
        reply = Reply.choice(click.word(2), click.word(1))
        await self._conversations.reply(member, click.number(), reply, key=click.key)

    async def as_before(self, click: Click, member: Member) -> None:
        await self._conversations.answer_as_before(member, click.number(), click.word(1), key=click.key)

    async def move(self, click: Click, member: Member) -> None:
        await self._move(click, member, BUTTONS[click.name])

    async def menu(self, click: Click, member: Member) -> Reaction:
        """The "…" of a question."""
        sitting_id = click.number()
        choice, _, step_id = (click.action.chosen or "").partition(":")
        match choice:
            case Menu.FORM:
                guide, prompts = await self._conversations.form(member, sitting_id)
                return Open(form_view(sitting_id, guide.title, prompts))
            case Menu.PRIVACY:
                return Open(privacy_view())
            case Menu.WHY:
                await self._conversations.remind_why(member, sitting_id, key=click.key)
            case Menu.NOT_AN_ANSWER:
                await self._conversations.not_an_answer(member, sitting_id, step_id, key=click.key)
            case Menu.BACK | Menu.LEAVE:
                await self._move(click, member, MENU[choice])
        return None

    async def not_an_answer(self, click: Click, member: Member) -> None:
        await self._conversations.not_an_answer(member, click.number(), click.word(1), key=click.key)

    async def change_words(self, click: Click, member: Member) -> Reaction:
        kept = await self._conversations.kept_words(member, click.number())
        return Open(kept_words_view(click.number(), kept))

    async def go_on(self, click: Click, member: Member) -> None:
        await self._conversations.go_on(member, click.number(), key=click.key, ts=click.ts)

    async def leave(self, click: Click, member: Member) -> None:
        await self._conversations.leave(member, click.number(), key=click.key, ts=click.ts)

    async def save_form(self, submission: Submission, member: Member) -> None:
        fields = {step: next(iter(inputs.values()), Input()) for step, inputs in submission.view.state.values.items()}
        replies = {step: reply for step, field in fields.items() if (reply := _reply(step, field)) is not None}
        sitting_id = int(submission.view.private_metadata)
        await self._conversations.answer_form(member, sitting_id, replies, key=submission.key)

    async def save_words(self, submission: Submission, member: Member) -> None:
        texts = {step: submission.of(step).value or "" for step in submission.view.state.values}
        sitting_id = int(submission.view.private_metadata)
        await self._conversations.change_words(member, sitting_id, texts, key=submission.key)

    async def _move(self, click: Click, member: Member, move: Move) -> None:
        reply = Reply(move=move, step_id=click.word(1))
        await self._conversations.reply(member, click.number(), reply, key=click.key)


def _reply(step: str, field: Input) -> Reply | None:
    if field.selected_option is not None:
        return Reply.choice(field.selected_option.value, step)
    return Reply.text(field.value, step) if field.value and field.value.strip() else None
