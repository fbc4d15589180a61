"""Short messages that are clear by themselves: thanks, a call for help or ideas, a wish for quiet, "skip", the words of
a button."""

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
    LEAVE = "leave"
    LOOK = "look"
    GO_ON = "go_on"
    LET_GO = "let_go"
    WHY = "why"
    NOT_TODAY = "not_today"
    OK = "ok"
    NOTHING = "nothing"
    KEEP = "keep"
    COMMIT = "commit"
    CHECK_IN = "check_in"
    WIN = "win"
    LIST = "list"
    RULES = "rules"
    DAYS = "days"
    TIME_OFF = "time_off"
    RESUME = "resume"
    PERSON = "person"
    PRIVACY = "privacy"
    DATA = "data"
    HARD = "hard"
    TOO_MUCH = "too_much"
    DANGER = "danger"


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
    Talk.LEAVE: frozenset({"leave it there"}),
    Talk.LOOK: frozenset({"look at it"}),
    Talk.GO_ON: frozenset({"go on"}),
    Talk.LET_GO: frozenset({"let go"}),
    Talk.WHY: frozenset({"remind me why"}),
    Talk.NOT_TODAY: frozenset({"not today", "quiet today"}),
    Talk.KEEP: frozenset({"keep for myself", "keep it for myself"}),
    Talk.NOTHING: frozenset(
        {"no", "nope", "nothing", "nothing really", "none", "don t know", "i don t know", "dunno", "idk", "no idea"}
        | {"not sure", "i m not sure", "nein", "nichts", "weiß nicht", "keine ahnung"}
    ),
    Talk.OK: frozenset({"ok", "okay", "okey", "alright", "all right", "fine", "got it", "understood", "sounds good"}),
    Talk.COMMIT: frozenset({"commit", "make a commitment", "new commitment", "a new commitment", "add a commitment"}),
    Talk.CHECK_IN: frozenset({"check in", "checkin", "check in now"}),
    Talk.WIN: frozenset({"win", "log a win", "a win", "i have a win"}),
    Talk.LIST: frozenset({"list", "my list", "your list", "the list", "the whole list", "show my list"}),
    Talk.RULES: frozenset({"rules", "ground rules", "the ground rules", "my ground rules"}),
    Talk.DAYS: frozenset(
        {"days", "check in days", "change days", "change the days", "other days", "less", "less often", "ask less"}
        | {"ask me less"}
    ),
    Talk.TIME_OFF: frozenset({"off", "time off", "rough", "rough week", "holiday", "holidays", "vacation"}),
    Talk.RESUME: frozenset({"resume"}),
    Talk.PERSON: frozenset({"talk to a person", "i d rather talk to a person", "i want to talk to a person"}),
    Talk.PRIVACY: frozenset({"privacy", "who sees this", "who sees what", "who can see this", "who reads this"}),
    Talk.DATA: frozenset(
        {"delete everything", "delete all", "delete my data", "delete all my data", "erase everything", "forget me"}
        | {"delete me", "export", "export my data"}
    ),
    Talk.HARD: frozenset(
        {"i can t do this any more", "i can t do this anymore", "i can t any more", "i can t anymore", "i give up"}
    ),
    Talk.TOO_MUCH: frozenset({"i can t do it", "i can t do this", "it s too much", "this is too much", "too much"}),
}
_PLEASE: Final = re.compile(r"^(?:please|pls) | (?:please|pls)$")
_DANGER: Final = re.compile(
    r"\b(?:want to die|wanna die|kill(?:ing)? myself|(?:harm|hurt)(?:ing)? myself|end my life|commit suicide|suicidal"
    r"|mich umbringen|nicht mehr leben)\b"
)
"""Wherever it stands: an offer too many harms nobody."""

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


def in_words(text: str) -> str:
    """A message as it is compared: in small letters, with single spaces, without signs. "?" is a word."""
    said = " ".join(text.casefold().split())
    plain = said if said == "?" else re.sub(r"[^\w\s]+", " ", without_emoji(said)).replace("_", " ")
    return " ".join(plain.split())


def small_talk(text: str) -> Talk | None:
    """What a message wants when it is nothing but that; None for everything that may be an answer."""
    said, phrase = " ".join(text.casefold().split()), in_words(text)
    words = phrase.split()
    if not words:
        return Talk.THANKS if _SIGNS.search(said) else None
    if len(words) <= _THANKS_AT_MOST and _THANKS & set(words) and set(words) <= _THANKS | _BESIDE:
        return Talk.THANKS
    if _DANGER.search(phrase):
        return Talk.DANGER
    asked = {phrase, _PLEASE.sub("", phrase)}
    return next((talk for talk, phrases in _WORDS.items() if asked & phrases), None)
