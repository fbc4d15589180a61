"""Sittings: begun, and offered once more when they were put off. Within someone else's transaction."""

from collections.abc import Collection

from bot.domain.check_ins import CheckIn
from bot.domain.commitments import Commitment
from bot.domain.conversations import start
from bot.domain.deliveries import Says
from bot.domain.guides.guide import GuideId
from bot.domain.guides.sitting import Context
from bot.domain.members import Member
from bot.domain.motivators import Question, choose
from bot.domain.readiness import Stage
from bot.domain.sittings import SittingStatus
from bot.services.guides import library, opening_words
from bot.services.terms import terms_of
from bot.services.turns import begin, next_turn, say, set_aside, state_of, still_wanted
from bot.services.work import Work


async def open_sitting(
    work: Work,
    member: Member,
    guide: GuideId,
    commitment: Commitment | None,
    *,
    check_in: CheckIn | None = None,
    unasked: bool = False,
    status: SittingStatus = SittingStatus.WAITING,
) -> None:
    """Begins a sitting, or lets it wait while another one asks.

    `unasked`: the buddy's own idea, which counts as this week's reflective question. `status` LATER: it is offered
    after the next check-in.
    """
    told = library().guide(guide)
    terms = await terms_of(work.tx, member, work.now)
    stage = commitment.stage if commitment else None
    context = Context(
        words=await opening_words(work, member, told, commitment),
        stage=stage,
        tone=terms.tone,
        questions=await _questions(work, member, stage) if told.picks else (),
    )
    state, _ = start(told, context)
    if unasked:
        await work.tx.members.change(member.id, reflected_at=work.now)
    about = {
        "commitment_id": commitment.id if commitment else None,
        "check_in_id": check_in.id if check_in else None,
    }
    if status is SittingStatus.WAITING and await work.tx.conversations.running(member.id) is None:
        await begin(work, member, guide, state, **about)
        return
    await work.tx.conversations.add(
        workspace_id=member.workspace_id,
        member_id=member.id,
        guide=guide,
        state=state.model_dump_json(),
        status=status,
        version=0,
        opened_at=work.now,
        asked_at=work.now,
        **about,
    )


async def open_at_once(
    work: Work,
    member: Member,
    guide: GuideId,
    commitment: Commitment | None,
    *,
    check_in: CheckIn | None = None,
) -> None:
    """The same for a member who just asked for it: what is running waits until this one ends."""
    running = await work.tx.conversations.running(member.id)
    about = commitment.id if commitment else None
    if running is not None and (running.guide, running.commitment_id) == (guide, about):
        return
    if running is not None:
        await set_aside(work, member, running, SittingStatus.WAITING)
    await open_sitting(work, member, guide, commitment, check_in=check_in)


async def offer_again(work: Work, member: Member) -> None:
    """After a check-in: offers once more what was put off, by its member first, or goes on with what waited. Never
    beside a question."""
    if await work.tx.conversations.running(member.id) is not None:
        return
    put_off = await work.tx.conversations.put_off(member.id)
    for sitting in sorted(put_off, key=lambda each: not state_of(each).put_off):
        if await still_wanted(work, sitting):
            offered = await work.tx.conversations.change(sitting.id, status=SittingStatus.OFFERED)
            await say(work, member, offered, Says.OFFER_AGAIN)
            return
        await work.tx.conversations.change(sitting.id, status=SittingStatus.STOPPED)
    await next_turn(work, member)


async def owes_an_offer(work: Work, member: Member) -> bool:
    """Whether its member said "later" to something that is still to be offered, and nothing is asked now. What only
    gave way was promised to nobody."""
    promised = [each for each in await work.tx.conversations.put_off(member.id) if state_of(each).put_off]
    if not promised or await work.tx.conversations.running(member.id) is not None:
        return False
    return any([await still_wanted(work, each) for each in promised])


async def drop_those_of(work: Work, member: Member, commitment: Commitment, guides: Collection[GuideId]) -> None:
    """What is not over of these guides is asked no more."""
    for sitting in await work.tx.conversations.about(commitment.id):
        if sitting.guide in guides:
            await set_aside(work, member, sitting, SittingStatus.STOPPED)


async def _questions(work: Work, member: Member, stage: Stage | None) -> tuple[Question, ...]:
    """The whole bank, best first."""
    bank, asked_at = library().bank, await work.tx.answers.asked(member.id)
    return tuple(choose(bank, stage=stage, asked=asked_at, now=work.now))
