"""The words people use for days and times, language by language: data for `understanding`, and nothing else.

Everything is written as `understanding` reads it: lower case, without accents, one space between words. Strings are
regular expressions. A language without an entry here still has its weekdays and dates, through dateparser.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

NOTHING = r"(?!)"
"""Matches nothing: what a language says when it has no such words here."""


@dataclass(frozen=True)
class Words:
    """What one language calls the days.

    `introducers` may stand before a date ("by"). `strangers` before a bare phrase mean that it is no date of ours
    ("after Friday", "the Sun"); `negations` do so before any. In `coming`, `later`, `every` and `each`, {day} stands
    for a weekday: the coming one, the one in the calendar week after this, and each one, in two ways. `end_of` stands
    before a month. With `half_days`, "at 5" is in the afternoon, unless `mornings` are named; `evenings` make 8 mean
    20:00. With `verb_last`, a date may have a verb after it.
    """

    introducers: str = NOTHING
    strangers: str = NOTHING
    negations: str = NOTHING
    weekdays: tuple[str, ...] = (NOTHING,) * 7
    short_weekdays: tuple[str, ...] = (NOTHING,) * 7
    coming: str = "{day}"
    later: str = NOTHING
    relative: Mapping[str, int] = field(default_factory=dict)
    parts_of_day: str = NOTHING
    ends: Mapping[str, str] = field(default_factory=dict)
    end_of: str = NOTHING
    within: str = NOTHING
    numbers: tuple[str, ...] = ()
    units: Mapping[str, str] = field(default_factory=dict)
    before_a_time: str = NOTHING
    after_an_hour: str = NOTHING
    noon: str = NOTHING
    half_days: bool = False
    mornings: str = NOTHING
    evenings: str = NOTHING
    verb_last: bool = False
    every_day: str = NOTHING
    workdays: str = NOTHING
    weekends: str = NOTHING
    every: str = NOTHING
    each: str = NOTHING
    and_: str = NOTHING


ENGLISH = Words(
    introducers=r"(?:due )?(?:by|until|till|til|before|on)|due|(?:no|not) later than|(?:by|on|at) the latest",
    strangers=(
        r"for|from|since|after|about|of|the|a|an|every|each|last|past|previous|next|coming|and|or|to|than|per|first|third|fourth|"
        r"with|without|my|your|our|his|her|their|its|it's|is|was|are|were|be|like|as|at|around|other|second|black|good|on|except|"
        r"because|if|when|between|through|says|called|named"
    ),
    negations="not|never|almost|nearly|than",
    weekdays=("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
    short_weekdays=("mon", "tues?", "wed", "thu(?:rs?)?", "fri", "sat", "sun"),
    coming=r"(?:(?:eod|cob|end of day) (?:on )?)?(?:this |coming |this coming )?{day}",
    # Opinions differ on "next Friday" when it is Wednesday; most quick-entry boxes take the week after.
    later=r"next {day}|{day} next week|next week(?: on)? {day}",
    relative={
        "today|tonight|this (?:morning|afternoon|evening)": 0,
        "(?:tomorrow|tmrw|tmr)": 1,
        "(?:the )?day after tomorrow": 2,
        "yesterday": -1,
        "(?:a|one) week from (?:now|today)": 7,
    },
    parts_of_day="morning|afternoon|evening|night|eod|cob|end of day",
    ends={
        "day": "(?:at )?(?:the )?end of (?:the |this )?day|eod",
        "week": "(?:at )?(?:the )?end of (?:the |this )?week|this week|eow",
        "weekend": "(?:the|this) weekend",
        "month": "(?:at )?(?:the )?end of (?:the |this )?month|this month|month'?s? end|eom",
        "year": "(?:at )?(?:the )?end of (?:the |this )?year|this year|eoy",
        "next week": "(?:the )?(?:end of )?next week",
        "next month": "(?:the )?(?:end of )?next month",
    },
    end_of="(?:at )?(?:the )?end of",
    within=r"(?:in|within) (?P<count>{number}) (?P<unit>{unit})(?:'? time| from now)?",
    numbers=("an?|one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    units={"days": "days?", "weeks": "weeks?", "months": "months?", "years": "years?"},
    before_a_time="at|@|by|before",
    after_an_hour="o'clock|h",
    noon="noon|midday",
    half_days=True,
    mornings="morning",
    evenings="afternoon|evening|night",
    every_day=r"everyday|daily|(?:every|each) (?:single )?(?:day|morning|afternoon|evening|night)",
    workdays=(
        r"(?:every|each) (?:weekday|work ?day)|(?:on )?weekdays|(?:on )?work ?days|"
        r"(?:every )?(?:monday|mon)(?: to | through | - |-|–)(?:friday|fri)"
    ),
    weekends=r"(?:every|each) weekend|(?:on |at )?(?:the )?weekends",
    every=r"(?:every|each) {day}",
    each=r"(?:on )?{day}s",
    and_="and|&",
)

GERMAN = Words(
    introducers=r"(?:bis )?spatestens(?: am| zum)?|bis(?: zum| zu| zur| am| an)?|vor(?: dem)?|am(?! morgen| abend)|zum",
    strangers=(
        r"der|die|das|den|dem|des|ein|eine|einen|einem|jeden|jede|jedes|letzten|nachsten|kommenden|diesen|und|oder|fur|von|"
        r"seit|nach|ab|ohne|mit|uber|an|in|im|guten|als|wie|nicht|kein|keinen|mein|meinen|dieser|um|gegen|am"
    ),
    negations="nicht|nie|fast|als",
    weekdays=("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag|sonnabend", "sonntag"),
    short_weekdays=("mo", "di", "mi", "do", "fr", "sa", "so"),
    coming=r"(?:diesen |kommenden |den kommenden |nachsten |den nachsten |den )?{day}",
    later=r"(?:nachste|kommende) woche {day}|{day} (?:nachster?|kommender?|in der nachsten) woche",
    relative={"heute": 0, "morgen": 1, "ubermorgen": 2, "gestern": -1, "heute in einer woche": 7},
    parts_of_day="fruh|morgen|vormittag|nachmittag|abend|nacht",
    ends={
        "day": "(?:am )?ende des tages",
        "week": "(?:am )?ende (?:der|dieser) woche|diese woche",
        "weekend": "(?:dieses |zum )?wochenende",
        "month": "(?:(?:am )?ende (?:des|dieses) monats|monatsende|ende monat|diesen monat)",
        "year": "(?:(?:am )?ende (?:des|dieses) jahres|jahresende|dieses jahr)",
        "next week": "(?:ende )?(?:nachste|nachster|kommende|kommender) woche",
        "next month": "(?:ende )?(?:nachsten|kommenden) monats?",
    },
    end_of="(?:am )?ende",
    within=r"(?:in|innerhalb von) (?P<count>{number}) (?P<unit>{unit})",
    numbers=(
        "eine[mr]?|einen",
        "zwei",
        "drei",
        "vier",
        "funf",
        "sechs",
        "sieben",
        "acht",
        "neun",
        "zehn",
        "elf",
        "zwolf",
    ),
    units={"days": "tag(?:en?)?", "weeks": "wochen?", "months": "monat(?:en?)?", "years": "jahr(?:en?)?"},
    before_a_time="um|bis|gegen|vor",
    after_an_hour="uhr|h",
    noon="mittags?",
    verb_last=True,
    evenings="nachmittag|abend|nacht",
    every_day=r"jeden (?:tag|morgen|vormittag|mittag|nachmittag|abend)|jede nacht|taglich",
    workdays=r"werktags|an werktagen|jeden (?:werktag|arbeitstag)|unter der woche|montags? bis freitags?",
    weekends=r"jedes wochenende|am wochenende|an wochenenden",
    every=r"jeden {day}",
    each=r"{day}s",
    and_="und|&",
)

FRENCH = Words(
    introducers=r"avant(?: le| la)?|d'ici(?: a| au| la| le)?|jusqu'(?:a|au)|pour(?: le| la)?|au plus tard(?: le| a)?",
    strangers=(
        r"le|la|les|un|une|des|de|du|et|ou|chaque|tous|toutes|dernier|ce|cet|cette|depuis|apres|avec|sans|mon|ma|mes|en|"
        r"dans|sur|vers|pas|comme|a|au|aux|par|bon"
    ),
    negations="pas|jamais|presque",
    weekdays=("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    short_weekdays=("lun", "mar", "mer", "jeu", "ven", "sam", "dim"),
    coming=r"(?:ce )?{day}(?: prochain)?|le {day} prochain",
    later=r"{day} de la semaine prochaine|{day} en huit|la semaine prochaine {day}",
    relative={
        "aujourd'hui|ce soir|cet apres-midi|ce matin": 0,
        "demain": 1,
        "hier": -1,
        "apres-demain|apres demain": 2,
        "dans huit jours": 7,
        "dans quinze jours|dans une quinzaine": 14,
    },
    parts_of_day="matin|apres-midi|soir|au soir|au matin",
    ends={
        "day": "(?:a )?(?:la )?fin de (?:la )?journee",
        "week": "(?:a )?(?:la )?fin de (?:la |cette )?semaine|cette semaine",
        "weekend": "ce week-?end|le week-?end",
        "month": "(?:a )?(?:la )?fin (?:du|de ce) mois|ce mois-?ci",
        "year": "(?:a )?(?:la )?fin de l'annee|cette annee",
        "next week": "(?:la )?(?:fin de la )?semaine prochaine",
        "next month": "(?:le |la )?(?:fin du )?mois prochain",
    },
    end_of="(?:a )?(?:la )?fin(?: de)?",
    within=r"(?:dans|d'ici) (?P<count>{number}) (?P<unit>{unit})",
    numbers=("une?", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze"),
    units={"days": "jours?", "weeks": "semaines?", "months": "mois", "years": "ans?|annees?"},
    before_a_time="a|avant|vers|pour",
    after_an_hour="h|heures?",
    noon="midi",
    evenings="apres-midi|soir",
    every_day=(
        r"tous les (?:jours|matins|soirs|apres-midi)|chaque (?:jour|matin|soir|apres-midi|nuit)|toutes les nuits|"
        r"quotidiennement"
    ),
    workdays=r"en semaine|tous les jours de (?:la )?semaine|chaque jour ouvre|du lundi au vendredi",
    weekends=r"(?:chaque|tous les|les) week-?ends?",
    every=r"(?:chaque|tous les|les) {day}s?",
    each=r"(?:les )?{day}s",
    and_="et|&|et le|et les",
)

SPANISH = Words(
    introducers=r"antes (?:del?|de el)|hasta(?: el| la)?|para(?: el| la)?|a mas tardar(?: el)?|el|este",
    strangers=(
        r"la|las|los|lo|un|una|de|del|y|o|cada|todos|todas|pasado|ultimo|desde|despues|con|sin|mi|mis|tu|su|en|por|como|no|"
        r"al|el|sobre|proximo|buena|buenos"
    ),
    negations="no|nunca|casi",
    weekdays=("lunes", "martes", "miercoles", "jueves", "viernes", "sabado", "domingo"),
    short_weekdays=("lun", "mar", "mie", "jue", "vie", "sab", "dom"),
    coming=r"(?:el |este |el proximo |proximo |este proximo )?{day}(?: que viene| proximo)?",
    later=r"(?:el )?{day} de la (?:semana que viene|semana proxima|proxima semana)",
    relative={"hoy|esta (?:noche|tarde|manana)": 0, "manana": 1, "pasado manana": 2, "ayer": -1},
    parts_of_day="temprano|por la (?:manana|tarde|noche)|al mediodia",
    ends={
        "day": "(?:el )?(?:fin|final) del? dia",
        "week": "(?:a |el )?(?:fin|final|finales) de (?:la |esta )?semana(?! )|esta semana",
        "weekend": "(?:el|este) fin de semana",
        "month": "(?:a |el )?(?:fin|final|finales) (?:de|del|de este) mes|este mes",
        "year": "(?:a |el )?(?:fin|final|finales) (?:de|del|de este) ano|este ano",
        "next week": "(?:la )?(?:proxima semana|semana que viene|semana proxima)",
        "next month": "(?:el )?(?:proximo mes|mes que viene|mes proximo)",
    },
    end_of="(?:a )?(?:fin|final|finales) de",
    within=r"(?:en|dentro de) (?P<count>{number}) (?P<unit>{unit})",
    numbers=("una?", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once", "doce"),
    units={"days": "dias?", "weeks": "semanas?", "months": "mes(?:es)?", "years": "anos?"},
    before_a_time="a las?|antes de las?|para las?",
    after_an_hour="h|horas?",
    noon="mediodia|al mediodia",
    evenings="tarde|noche",
    every_day=(
        r"todos los dias|cada (?:dia|manana|tarde|noche)|todas las (?:mananas|tardes|noches)|a diario|diariamente"
    ),
    workdays=r"entre semana|(?:todos )?los dias laborables|de lunes a viernes|cada dia laborable",
    weekends=r"(?:todos )?los fines de semana|cada fin de semana",
    every=r"(?:todos los|los|cada) {day}s?",
    each=r"(?:todos )?los {day}s?",
    and_="y|e|&|y los",
)

ITALIAN = Words(
    introducers=r"entro(?: il| la| le)?|prima (?:di|del)|fino a|per(?: il)?|il",
    strangers=r"la|le|lo|i|gli|un|una|di|del|della|e|o|ogni|da|dopo|con|senza|mio|mia|in|su|come|non|al|scorso|il",
    before_a_time="alle|entro le|per le|alle ore",
    after_an_hour="h",
    every_day="ogni giorno|tutti i giorni|ogni (?:mattina|sera)|quotidianamente",
)

PORTUGUESE = Words(
    introducers=r"ate(?: a| o| ao| as)?|antes (?:de|do|da)|para(?: o| a)?|na|no",
    strangers=r"a|o|as|os|um|uma|de|do|da|e|ou|cada|desde|depois|apos|com|sem|meu|minha|em|como|nao|passado|todo|toda|na|no",
    before_a_time="as|ate as",
    after_an_hour="h|horas?",
    every_day="todos os dias|cada dia|todo dia|diariamente|toda (?:manha|noite)|todas as (?:manhas|noites)",
)

LANGUAGES: Mapping[str, Words] = {
    "en": ENGLISH,
    "de": GERMAN,
    "fr": FRENCH,
    "es": SPANISH,
    "it": ITALIAN,
    "pt": PORTUGUESE,
}
