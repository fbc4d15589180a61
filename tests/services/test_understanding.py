"""What is understood of what people type, what is left alone, and that nothing is ever dropped."""

import re
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.calendar import EVERY_DAY, WORKDAYS, Weekday
from bot.services.understanding import Due, Understood, parse_due, understand, warm_up

WEDNESDAY = datetime(2026, 11, 18, 14, 0, tzinfo=UTC)
MONDAY, TUESDAY, THURSDAY = Weekday.MONDAY, Weekday.TUESDAY, Weekday.THURSDAY
SATURDAY, SUNDAY = Weekday.SATURDAY, Weekday.SUNDAY
LOCALES = ("en-US", "en-GB", "de-DE", "fr-FR", "es-ES", "es-LA", "it-IT", "pt-BR", "ru-RU", "ja-JP", "zh-CN", "ko-KR")


def understood(
    text: str, locale: str = "en-GB", *, now: datetime = WEDNESDAY, zone: str = "Europe/London"
) -> Understood:
    return understand(text, now=now, zone=zone, locale=locale)


def words(text: str) -> list[str]:
    return sorted(re.findall(r"[^\W_]+", text))


def due(text: str) -> Due:
    day, _, at = text.partition(" ")
    return Due(day=date.fromisoformat(day), at=time.fromisoformat(at) if at else None)


@pytest.mark.parametrize(
    ("text", "what", "phrase", "when"),
    [
        ("Finish the report by Friday 5pm", "Finish the report", "by Friday 5pm", "2026-11-20 17:00"),
        ("Finish the report by Friday at 17:30", "Finish the report", "by Friday at 17:30", "2026-11-20 17:30"),
        ("Finish the report by 5pm on Friday", "Finish the report", "by 5pm on Friday", "2026-11-20 17:00"),
        ("Finish the report (by Friday)", "Finish the report", "(by Friday)", "2026-11-20"),
        ("Finish the report, by Friday!", "Finish the report", "by Friday!", "2026-11-20"),
        ("report by fri", "report", "by fri", "2026-11-20"),
        ("ship friday 5pm", "ship", "friday 5pm", "2026-11-20 17:00"),
        ("ship friday at 5", "ship", "friday at 5", "2026-11-20 17:00"),
        ("ship friday at 9", "ship", "friday at 9", "2026-11-20 09:00"),
        ("ship this friday", "ship", "this friday", "2026-11-20"),
        ("ship next friday", "ship", "next friday", "2026-11-27"),
        ("ship it today at 5pm", "ship it", "today at 5pm", "2026-11-18 17:00"),
        ("do this tomorrow morning", "do this", "tomorrow morning", "2026-11-19"),
        ("tomorrow call Anna", "call Anna", "tomorrow", "2026-11-19"),
        ("by 5 March: send the report", "send the report", "by 5 March:", "2027-03-05"),
        ("Friday: send the report", "send the report", "Friday:", "2026-11-20"),
        ("by 5pm send the invoice", "send the invoice", "by 5pm", "2026-11-18 17:00"),
        ("learn to juggle in two weeks", "learn to juggle", "in two weeks", "2026-12-02"),
        ("learn to juggle within 3 months", "learn to juggle", "within 3 months", "2027-02-18"),
        ("pay the rent by the end of the month", "pay the rent", "by the end of the month", "2026-11-30"),
        ("tidy up by the end of the week", "tidy up", "by the end of the week", "2026-11-20"),
        ("tidy up by the weekend", "tidy up", "by the weekend", "2026-11-21"),
        ("tidy up next week", "tidy up", "next week", "2026-11-27"),
        ("report by the end of February", "report", "by the end of February", "2027-02-28"),
        ("file taxes 2027-03-01", "file taxes", "2027-03-01", "2027-03-01"),
        ("bake a cake 5 March", "bake a cake", "5 March", "2027-03-05"),
        ("bake a cake on March 5th, 2028", "bake a cake", "on March 5th, 2028", "2028-03-05"),
        ("bake a cake by Friday, 20 November", "bake a cake", "by Friday, 20 November", "2026-11-20"),
        ("leap before 29 February", "leap", "before 29 February", "2028-02-29"),
        ("finish by the 5th", "finish", "by the 5th", "2026-12-05"),
        ("report by noon tomorrow", "report", "by noon tomorrow", "2026-11-19 12:00"),
        ("finish by Friday EOD", "finish", "by Friday EOD", "2026-11-20"),
        ("finish by Friday @ 5pm", "finish", "by Friday @ 5pm", "2026-11-20 17:00"),
        ("finish tomorrow evening at 8", "finish", "tomorrow evening at 8", "2026-11-19 20:00"),
        ("run every day until Friday", "run every day", "until Friday", "2026-11-20"),
    ],
)
def test_a_date_is_understood(text: str, what: str, phrase: str, when: str) -> None:
    assert understood(text) == Understood(what=what, due=due(when), phrase=phrase)


@pytest.mark.parametrize(
    ("text", "locale", "what", "when"),
    [
        ("Bericht bis Freitag 17 Uhr", "de-DE", "Bericht", "2026-11-20 17:00"),
        ("Bericht bis Freitag abgeben", "de-DE", "Bericht abgeben", "2026-11-20"),
        ("Bericht bis Freitag fertig machen", "de-DE", "Bericht fertig machen", "2026-11-20"),
        ("Anna morgen anrufen", "de-DE", "Anna anrufen", "2026-11-19"),
        ("Morgen Anna anrufen", "de-DE", "Anna anrufen", "2026-11-19"),
        ("Bericht bis zum 5.3.", "de-DE", "Bericht", "2027-03-05"),
        ("Steuer bis Ende März", "de-DE", "Steuer", "2027-03-31"),
        ("Steuer spätestens am 1. April", "de-DE", "Steuer", "2027-04-01"),
        ("Buch lesen in zwei Wochen", "de-DE", "Buch lesen", "2026-12-02"),
        ("Finir le rapport avant vendredi 17h", "fr-FR", "Finir le rapport", "2026-11-20 17:00"),
        ("Finir le rapport vendredi à 17h30", "fr-FR", "Finir le rapport", "2026-11-20 17:30"),
        ("Envoyer le rapport le 1er avril", "fr-FR", "Envoyer le rapport", "2027-04-01"),
        ("Demain appeler Anna", "fr-FR", "appeler Anna", "2026-11-19"),
        ("Finir d'ici la fin du mois", "fr-FR", "Finir", "2026-11-30"),
        ("Finir dans deux semaines", "fr-FR", "Finir", "2026-12-02"),
        ("Terminar el informe antes del viernes a las 17:00", "es-ES", "Terminar el informe", "2026-11-20 17:00"),
        ("llamar a Ana mañana", "es-LA", "llamar a Ana", "2026-11-19"),
        ("informe para el 5 de marzo", "es-ES", "informe", "2027-03-05"),
        ("informe dentro de dos semanas", "es-ES", "informe", "2026-12-02"),
        ("relazione entro venerdì", "it-IT", "relazione", "2026-11-20"),
        ("relatório até 5 de março", "pt-BR", "relatório", "2027-03-05"),
        ("отчёт завтра", "ru-RU", "отчёт", "2026-11-19"),
        ("レポート 2027-03-01", "ja-JP", "レポート", "2027-03-01"),
        ("finish by Friday 5pm", "de-DE", "finish", "2026-11-20 17:00"),
        ("finish by 5/3", "en-US", "finish", "2027-05-03"),
        ("finish by 5/3", "en-GB", "finish", "2027-03-05"),
        ("finish by 25/3", "en-US", "finish", "2027-03-25"),
        ("finish by 3/5/2027", "en-US", "finish", "2027-03-05"),
        ("finish by Friday", "", "finish", "2026-11-20"),
        ("finish by Friday", "tlh_XX", "finish", "2026-11-20"),
    ],
)
def test_a_date_is_understood_in_the_members_language(text: str, locale: str, what: str, when: str) -> None:
    found = understood(text, locale)
    assert (found.what, found.due) == (what, due(when))
    assert words(f"{found.what} {found.phrase}") == words(text)


@pytest.mark.parametrize(
    ("text", "locale", "what", "days", "at"),
    [
        ("write every day", "en-GB", "write", EVERY_DAY, None),
        ("write daily at 7:30am", "en-GB", "write", EVERY_DAY, time(7, 30)),
        ("Every morning: stretch", "en-GB", "stretch", EVERY_DAY, None),
        ("stretch every morning at 6", "en-GB", "stretch", EVERY_DAY, time(6)),
        ("read every night at 11", "en-GB", "read", EVERY_DAY, time(23)),
        ("log in every weekday", "en-GB", "log in", WORKDAYS, None),
        ("stand up Monday to Friday", "en-GB", "stand up", WORKDAYS, None),
        ("gym every Monday and Thursday", "en-GB", "gym", (MONDAY, THURSDAY), None),
        ("gym every Thursday, Monday, and Tuesday at 18:00", "en-GB", "gym", (MONDAY, TUESDAY, THURSDAY), time(18)),
        ("gym every mon/thu", "en-GB", "gym", (MONDAY, THURSDAY), None),
        ("gym on mondays", "en-GB", "gym", (MONDAY,), None),
        ("water the plants on weekends", "en-GB", "water the plants", (SATURDAY, SUNDAY), None),
        ("every Monday send the numbers by 5pm", "en-GB", "send the numbers by 5pm", (MONDAY,), None),
        ("lesen jeden Abend um 8", "de-DE", "lesen", EVERY_DAY, time(20)),
        ("laufen jeden Tag", "de-DE", "laufen", EVERY_DAY, None),
        ("jeden Montag und Donnerstag laufen", "de-DE", "laufen", (MONDAY, THURSDAY), None),
        ("laufen montags und donnerstags um 7 Uhr", "de-DE", "laufen", (MONDAY, THURSDAY), time(7)),
        ("courir tous les jours", "fr-FR", "courir", EVERY_DAY, None),
        ("courir chaque lundi et jeudi", "fr-FR", "courir", (MONDAY, THURSDAY), None),
        ("correr todos los días", "es-ES", "correr", EVERY_DAY, None),
        ("correr los lunes y jueves", "es-ES", "correr", (MONDAY, THURSDAY), None),
    ],
)
def test_a_habit_is_understood(text: str, locale: str, what: str, days: tuple[Weekday, ...], at: time | None) -> None:
    found = understood(text, locale)
    assert found.habit is not None
    assert (found.what, found.habit.days, found.habit.at, found.due) == (what, days, at, None)
    assert words(f"{found.what} {found.phrase}") == words(text)


@pytest.mark.parametrize(
    "text",
    [
        "Read 5 pages",
        "call May",
        "write chapter 2",
        "sit down",
        "the March plan",
        "stop answering email after 7",
        "stop answering email after 7pm",
        "be on time",
        "second draft",
        "read 3 times a week",
        "smoke less but not every day",
        "plan for next Friday",
        "book a table for tomorrow at 5pm",
        "find out what went wrong last Friday",
        "Friday planning session",
        "Daily standup notes",
        "read the Sun",
        "get more sun",
        "the deadline is Friday",
        "meet on Monday and Thursday",
        "lunch at noon",
        "win 5/3",
        "ship version 2.3",
        "count to 2027",
        "tomorrow",
        "by Friday",
        "every day",
        "",
        "   ",
        "finish by 31 April",
        "finish by 30 February",
        "finish by 2026-11-17",
        "finish by 2999-01-01",
        "finish by Thursday, 20 November",
        "do it today at 9am",
        "do it yesterday",
        "finish by Friday 25:00",
        "finish by Friday 13pm",
        "<!channel>",
        "<!channel> <@U123> &amp; *bold*",
    ],
)
def test_what_is_not_surely_a_date_is_left_alone(text: str) -> None:
    assert understood(text) == Understood(what=text.strip())


@pytest.mark.parametrize("text", ["Kaffee am Morgen", "Guten Morgen"])
def test_a_german_morning_is_not_tomorrow(text: str) -> None:
    assert understood(text, "de-DE") == Understood(what=text)


def test_what_is_typed_is_kept_as_it_was() -> None:
    found = understood("  Tell   <!channel>\nabout *it*  by  Friday ")
    assert (found.what, found.phrase) == ("Tell   <!channel>\nabout *it*", "by  Friday")


def test_today_and_the_weekday_are_those_of_the_members_zone() -> None:
    late = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)  # Friday in London, still Thursday in New York
    assert understood("go by Friday", now=late, zone="America/New_York").due == due("2026-11-20")
    assert understood("go by Friday", now=late, zone="Europe/London").due == due("2026-11-27")
    assert understood("go tomorrow", now=late, zone="America/New_York").due == due("2026-11-20")


def test_the_same_weekday_is_today_only_for_a_time_to_come() -> None:
    assert understood("go by Wednesday 5pm").due == due("2026-11-18 17:00")
    assert understood("go by Wednesday 9am").due == due("2026-11-25 09:00")
    assert understood("go by Wednesday").due == due("2026-11-25")


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("Friday", "2026-11-20"),
        ("by Friday 5pm", "2026-11-20 17:00"),
        ("fri", "2026-11-20"),
        ("5/3", "2027-03-05"),
        ("5/3/27", "2027-03-05"),
        ("the 5th", "2026-12-05"),
        ("5pm", "2026-11-18 17:00"),
        ("In two weeks.", "2026-12-02"),
        ("9am", None),
        ("soon", None),
        ("", None),
        ("7", None),
        ("May", None),
        ("every day", None),
        ("Friday " * 500, None),
    ],
)
def test_a_date_typed_alone(text: str, when: str | None) -> None:
    found = parse_due(text, now=WEDNESDAY, zone="Europe/London", locale="en-GB")
    assert found == (due(when) if when else None)


@pytest.mark.parametrize("locale", LOCALES)
def test_warming_up_and_every_locale_of_slack(locale: str) -> None:
    warm_up()
    assert understood("finish by 5 March 2028", locale).due == due("2028-03-05")


typed = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
VOCABULARY = """
    by until on every day daily each monday Friday fri mondays tomorrow today 5 5pm 17:00 at 31 April March may 2027 not
    in two weeks end of the month next this , : - 5/3 99/99 2026-02-30 bis jeden Tag Freitag um Uhr am 5. März avant le
    1er avril tous les jours demain antes del viernes cada 999 months years <!channel> noon 0 12am 32nd after
"""
vocabulary = st.sampled_from([*VOCABULARY.split(), "\x00", "\u202e", "\u0130", "\ufb01"])
sentences = st.lists(st.one_of(vocabulary, typed), max_size=12).map(" ".join)


@given(sentences, st.sampled_from((*LOCALES, "", "xx-XX", "en_US")), st.datetimes(timezones=st.just(UTC)))
def test_no_word_is_ever_dropped_and_no_date_is_past(text: str, locale: str, now: datetime) -> None:
    now = now.replace(year=2000 + now.year % 100) if (now.month, now.day) != (2, 29) else WEDNESDAY
    found = understood(text, locale, now=now, zone="Pacific/Auckland")
    assert words(f"{found.what} {found.phrase}") == words(text)
    assert found.what or not words(text)
    assert bool(found.phrase) == (found.due is not None or found.habit is not None)
    assert found.due is None or found.habit is None
    if found.due:
        assert now - timedelta(days=1) < datetime.combine(found.due.day, time(23, 59), tzinfo=UTC)
        assert found.due.day.year <= now.year + 11
    else:
        assert found.phrase or found.what == text.strip()
    parse_due(text, now=now, zone="Pacific/Auckland", locale=locale)


@pytest.mark.parametrize(
    "text",
    [
        "x" * 3_000,
        "a " * 1_500,
        "by " * 1_000,
        "friday " * 430,
        "1 " * 1_500,
        "\x00\x1f\x7f\u2028 " * 700,
        "every monday and " * 180,
    ],
)
def test_long_and_strange_texts_are_quick(text: str) -> None:
    """Bounded work: a text a hundred times as long is not looked at a hundred times as closely."""
    found = understood(text)
    assert words(f"{found.what} {found.phrase}") == words(text)
    assert len(found.phrase) < 200
