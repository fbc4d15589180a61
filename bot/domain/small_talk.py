"""Short messages that are clear by themselves: thanks, a call for help or ideas, a wish for quiet, "skip"."""

import re
from enum import StrEnum
from typing import Final

from bot.domain.emoji import without_emoji


class Talk(StrEnum):
    """What a short message wants."""

    THANKS = "thanks"
    HELP = "help"
    IDEAS = "ideas"
    PAUSE = "pause"
    STOP = "stop"
    SKIP = "skip"
    LATER = "later"
    BACK = "back"


_WORDS: Final = {
    Talk.HELP: frozenset(
        {"help", "help me", "menu", "commands", "what can you do", "hilfe", "aide", "ayuda", "ajuda", "aiuto", "?"}
        | {"hi", "hello", "hey", "hey there", "hi there", "hi buddy", "hello buddy", "good morning"}
        | {"hallo", "hallo buddy", "guten morgen", "moin", "servus", "salut", "bonjour", "hola", "ciao", "olá", "hej"}
    ),
    Talk.IDEAS: frozenset(
        {"ideas", "any ideas", "any idea", "ideas please", "got any ideas", "do you have any ideas", "suggestions"}
        | {"any suggestions", "any advice", "what do you suggest", "what would you do", "what can i do"}
    ),
    Talk.PAUSE: frozenset({"pause", "pause please", "snooze", "mute", "be quiet", "take a break"}),
    Talk.STOP: frozenset({"stop", "stop it", "stop please", "please stop", "unsubscribe", "quit", "leave me alone"}),
    Talk.SKIP: frozenset({"skip", "skip it", "skip this", "pass", "next"}),
    Talk.LATER: frozenset({"later", "not now"}),
    Talk.BACK: frozenset({"back", "go back"}),
}

# fmt: off
_THANKS: Final = frozenset(
    {
        "thanks", "thank", "thankyou", "thx", "tnx", "ty", "tysm", "cheers", "danke", "dankeschön",
        "dankeschoen", "merci", "gracias", "grazie", "obrigado", "obrigada", "tack", "takk", "tak",
        "bedankt", "dank", "dziękuję", "dzięki", "dziekuje", "děkuji", "díky", "diky", "ďakujem", "köszönöm",
        "köszi", "kiitos", "aitäh", "paldies", "ačiū", "спасибо", "дякую", "благодаря", "ありがとう",
        "ありがとうございます", "谢谢", "謝謝", "多谢", "감사합니다", "고마워요", "고마워", "teşekkürler",
        "sağol", "mulțumesc", "mersi",
        "hvala", "ευχαριστώ", "धन्यवाद", "شكرا", "תודה", "terimakasih",
    }
)
_BESIDE: Final = frozenset(
    {
        "you", "u", "so", "very", "much", "many", "a", "lot", "again", "all", "buddy", "for", "that", "this",
        "the", "help", "great", "ok", "okay", "cool", "nice", "vielen", "lieben", "sehr", "dir", "schön",
        "beaucoup", "bien", "muchas", "mil", "molte", "mille", "muito", "je", "wel", "så", "mycket", "tusen",
        "mange", "bardzo", "terima", "kasih",
    }
)
# fmt: on
_SIGNS: Final = re.compile(
    r":(?:\+1|thumbsup|pray|heart|raised_hands|bow|tada):(?::skin-tone-\d:)?|[👍🙏🙌❤🎉💚💙🧡💛💜]"
)
_THANKS_AT_MOST: Final = 6
"""Words. What is longer says something besides."""


def small_talk(text: str) -> Talk | None:
    """What a message wants when it is nothing but that; None for everything that may be an answer."""
    said = " ".join(text.casefold().split())
    plain = said if said == "?" else re.sub(r"[^\w\s]+", " ", without_emoji(said)).replace("_", " ")
    words = plain.split()
    if not words:
        return Talk.THANKS if _SIGNS.search(said) else None
    if len(words) <= _THANKS_AT_MOST and _THANKS & set(words) and set(words) <= _THANKS | _BESIDE:
        return Talk.THANKS
    return next((talk for talk, phrases in _WORDS.items() if " ".join(words) in phrases), None)
