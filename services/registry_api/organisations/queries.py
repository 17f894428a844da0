"""What people mean by what they type into a search: abbreviations, old names of cities, words that say little."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from shared.alphabet import search_tokens

MOST_WORDS = 10
Alternative = tuple[str, ...]
"""LIKE patterns that all have to be found."""

_SAME = (
    # kinds of schools
    "СШ; средняя школа; орта мектеп; орта мектебі; общеобразовательная школа; жалпы білім; средней школы",
    "СОШ; средняя общеобразовательная; общеобразовательная школа; жалпы орта; жалпы білім; орта мектеп",
    "ОШ; общеобразовательная школа; общая средняя; жалпы білім; жалпы орта",
    "ЖББМ; жалпы білім; общеобразовательная школа",
    "НШ; начальная школа; бастауыш мектеп; бастауыш мектебі",
    "ОСШ; НОМ; основная средняя; негізгі орта",
    "МКШ; ШЖМ; малокомплектная; шағын жинақты",
    "ШГ; МГ; школа гимназия; мектеп гимназия; school gymnasium",
    "ШЛ; МЛ; школа лицей; мектеп лицей; school lyceum",
    "гимназия; гимназиясы; гимназии; gymnasium; gymnasia; gymnaziya",
    "лицей; лицейі; лицея; lyceum; lyceim; licey; licei; lycee",
    "колледж; колледжі; колледжа; college; kolledj; kolledzh",
    "интернат; интернаты; boarding",
    "РФМШ; РФММ; РФМЛ; физико математическая; физика математика",
    "НИШ; НЗМ; NIS; назарбаев интеллект; назарбаев зияткерлік; nazarbayev intellectual",
    "БИЛ; BIL; білім инновация; bilim innovation",
    "ДС; детский сад; балабақша; балабақшасы; садик; ясли сад; бөбекжай",
    "яслисад; ясли сад; бөбекжай бақша",
    "мини; шағын",
    "МДҰ; дошкольная организация; мектепке дейінгі",
    "ДДТ; дом детского творчества; балалар шығармашылығы",
    "ДШ; дворец школьников; оқушылар сарайы",
    "ПТЛ; ПТШ; ПТУ; профессиональный лицей; кәсіптік лицей",
    # whose names schools bear, in spellings further apart than a letter
    "Әл Фараби; аль Фараби; al Farabi",
    "Уәлиханов; Валиханов; Valikhanov; Ualikhanov",
    "Шоқан; Чокан",
    "Сәтбаев; Сатпаев; Satbayev; Satpayev",
    "Бөкейхан; Бокейхан; Букейхан; Букейханов",
    "Момышұлы; Момышулы; Момыш улы",
    # cities, and what they were called
    "Астана; Нур Султан; Нұр Сұлтан; Нурсултан; Целиноград; Акмола; Ақмола",
    "Алматы; Алма Ата; Алмата; Верный",
    "Шымкент; Чимкент",
    "Орал; Уральск; Oral; Uralsk",
    "Семей; Семипалатинск; Semipalatinsk",
    "Қонаев; Конаев; Капчагай; Қапшағай; Капшагай",
    "Өскемен; Усть Каменогорск; Устькаменогорск; Oskemen; Ust Kamenogorsk",
    "Петропавл; Петропавловск; Қызылжар; Petropavlovsk",
    "Атырау; Гурьев",
    "Ақтау; Актау; Шевченко",
    "Тараз; Джамбул; Аулие Ата; Әулиеата",
    "Қызылорда; Кызылорда; Кзыл Орда",
    "Ақтөбе; Актобе; Актюбинск",
    "Көкшетау; Кокшетау; Кокчетав",
    "Қостанай; Костанай; Кустанай",
    "Талдықорған; Талдыкорган; Талды Курган",
    "Жезқазған; Жезказган; Джезказган",
    "Қарағанды; Караганда; Karaganda",
    "Түркістан; Туркестан; Turkestan",
    "Екібастұз; Экибастуз; Ekibastuz",
    "Риддер; Лениногорск",
    "Алтай; Зыряновск",
    "Жаркент; Панфилов",
    "Байқоңыр; Байконур; Ленинск; Baikonur",
    "Теміртау; Темиртау; Самарканд",
    "Балқаш; Балхаш; Balkhash",
    "Рудный; Rudny; Rudnyi",
    "Аягөз; Аягуз",
    "Жаңаөзен; Жанаозен; Новый Узень",
    "Сәтпаев; Сатпаев; Никольский",
    "Щучинск; Бурабай; Щучье",
    "Батыс Қазақстан; ЗКО; БҚО; Западно Казахстанская; WKO",
    "Шығыс Қазақстан; ВКО; ШҚО; Восточно Казахстанская",
    "Солтүстік Қазақстан; СКО; СҚО; Северо Казахстанская",
    "Мангистау; Маңғыстау; Мангышлак",
)
"""Each line stands for one thing; whichever of its words is typed, all of them are looked for."""

_SAYS_LITTLE = frozenset(
    sound
    for text in [
        "школа",
        "школы",
        "школу",
        "школе",
        "школ",
        "мектеп",
        "мектебі",
        "мектепті",
        "мектептің",
        "school",
        "schools",
        "имени",
        "им",
        "атындағы",
        "атындагы",
        "атынд",
        "атын",
        "ат",
        "named",
        "after",
        "аты",
        "город",
        "города",
        "городе",
        "г",
        "қаласы",
        "қала",
        "қаласының",
        "city",
        "облысы",
        "облыс",
        "область",
        "области",
        "обл",
        "region",
        "oblast",
        "район",
        "района",
        "р-н",
        "рн",
        "ауданы",
        "аудан",
        "ауд",
        "district",
        "село",
        "села",
        "с",
        "ауылы",
        "ауыл",
        "ауылдық",
        "с/а",
        "округ",
        "мкр",
        "микрорайон",
        "ы.а.",
        "ш.а.",
        "КГУ",
        "КММ",
        "ГККП",
        "МКҚК",
        "ГКП",
        "ШЖҚ",
        "МКК",
        "ПХВ",
        "на",
        "ТОО",
        "ЖШС",
        "коммунальное",
        "государственное",
        "учреждение",
        "мемлекеттік",
        "мекемесі",
        "номер",
        "нөмір",
        "нөмірлі",
        "number",
        "no",
        "n",
        "nr",
        "сан",
    ]
    for sound in search_tokens(text)
)
"""People add these or leave them out: they do not decide what is found, only what comes first."""

_ORDINAL = re.compile(r"(?<=\d)\s*-?\s*(?:ая|я|ой|ый|й|ого|шы|ші|ншы|нші|інші|ыншы|th|st|nd|rd)\b", re.IGNORECASE)
_NUMBER_SIGN = re.compile(r"(?:№|#|\b(?:n|no|nr|номер|нөмір|number))\s*[.°º:]?\s*(?=\d)", re.IGNORECASE)
_SHORTEST_GUESSED = 4
"""A word of fewer letters has too many neighbours."""
_LONGEST_GUESSED = 40
_TWO_MISTAKES_FROM = 7
_LONGEST_ABBREVIATION = 3
"""«БИЛ» is not the beginning of «білім»."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a search."""

    alternatives: tuple[Alternative, ...]
    whole: str
    """The pattern of a name that has this very word."""
    guess: str | None = None
    """How the word sounds, if it may be misspelt."""
    mistakes: int = 0
    """So many letters may be wrong when no name and no place has such a word."""
    decides: bool = True
    """Whether it has to be found; else it only says what comes first."""

    @property
    def is_number(self) -> bool:
        """Numbers are no names of places, and are never guessed at."""
        return self.whole.strip("% ").isdecimal()


def understood(query: str) -> tuple[Word, ...]:
    """What a search looks for, word by word, as LIKE patterns upon ` words of names as they sound `.

    A number is a whole word, so that 176 never finds 1760; other words are beginnings of words, because Kazakh and
    Russian put their endings behind.

    >>> [word.alternatives for word in understood("мектеп №46 Абай")]
    [(('% mektep%',),), (('% 46 %',),), (('% abai%',),)]
    >>> [word.decides for word in understood("мектеп №46 Абай")]
    [False, True, True]
    >>> understood("Алма-Ата")[0].alternatives[:2]
    (('% alma%', '% ata%'), ('% almati%',))
    """
    tokens = search_tokens(_ORDINAL.sub(" ", _NUMBER_SIGN.sub(" ", query.replace("\x00", " "))))
    words = list(_words(_without_repetition(tokens)))[:MOST_WORDS]
    if not any(word.decides for word in words):
        words = [Word(word.alternatives, word.whole, word.guess, word.mistakes) for word in words]
    return tuple(words)


def _words(tokens: list[str]) -> Iterator[Word]:
    place = 0
    while place < len(tokens):
        longest = (tuple(tokens[place : place + size]) for size in (3, 2))
        phrase = next((one for one in longest if len(one) > 1 and one in _MEANINGS), (tokens[place],))
        place += len(phrase)
        yield _word(phrase)


def _word(phrase: tuple[str, ...]) -> Word:
    meant = [phrase, *(other for other in _MEANINGS.get(phrase, ()) if other != phrase)]
    known = len(meant) > 1
    alternatives = tuple(
        dict.fromkeys(tuple(_pattern(part, short=known and len(one) == 1) for part in one) for one in meant)
    )
    guessed = not known and _SHORTEST_GUESSED <= len(phrase[0]) <= _LONGEST_GUESSED and not phrase[0].isdecimal()
    return Word(
        alternatives,
        whole=f"% {' '.join(map(_escaped, phrase))} %",
        guess=phrase[0] if guessed else None,
        mistakes=2 if len(phrase[0]) >= _TWO_MISTAKES_FROM else 1,
        decides=known or not (phrase[0] in _SAYS_LITTLE or (len(phrase[0]) == 1 and not phrase[0].isdecimal())),
    )


def _pattern(word: str, *, short: bool) -> str:
    whole = word.isdecimal() or (short and len(word) <= _LONGEST_ABBREVIATION)
    return f"% {_escaped(word)} %" if whole else f"% {_escaped(word)}%"


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _without_repetition(tokens: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(tokens))


def _meanings() -> Mapping[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    found: dict[tuple[str, ...], tuple[tuple[str, ...], ...]] = {}
    for line in _SAME:
        phrases = tuple(dict.fromkeys(tuple(search_tokens(phrase)) for phrase in line.split(";")))
        for phrase in phrases:
            found[phrase] = tuple(dict.fromkeys((*found.get(phrase, ()), *phrases)))
    return found


_MEANINGS = _meanings()
