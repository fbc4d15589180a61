"""What a test of guided conversations begins with."""

from datetime import UTC, datetime

from bot.domain.agreements import Tone
from bot.domain.guides import load
from bot.domain.guides.sitting import Context
from bot.domain.motivators import choose
from bot.domain.readiness import Stage

LIBRARY = load()
NOW = datetime(2025, 3, 7, 10, 0, tzinfo=UTC)
WORDS = {"commitment": "stop answering email after 7", "next_check_in": "on Friday at 10:00"}


def context(stage: Stage | None = None, tone: Tone = Tone.GENTLE, **words: str) -> Context:
    questions = choose(LIBRARY.bank, stage=stage, asked={}, now=NOW)
    return Context(words={**WORDS, **words}, stage=stage, tone=tone, questions=tuple(questions))
