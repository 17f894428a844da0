"""Texts that stand on the page of every school."""

from collections.abc import Mapping, Sequence
from typing import Any

HELPLINES: Sequence[Mapping[str, Any]] = (
    {
        "phone": "111",
        "name": {
            "kk": "Отбасы, әйелдер және балалар құқықтарын қорғау жөніндегі байланыс орталығы",
            "ru": "Контакт-центр по защите прав семьи, женщин и детей",
            "en": "Contact centre for the rights of families, women and children",
        },
    },
    {
        "phone": "150",
        "name": {
            "kk": "Балалар мен жастарға арналған сенім телефоны",
            "ru": "Телефон доверия для детей и молодёжи",
            "en": "Helpline for children and young people",
        },
    },
)
RATING_MEANS: Mapping[str, str] = {
    "kk": "Рейтинг бағасы бірнеше көрсеткіштен есептеледі, қаншалықты сенімді екені аралықпен көрсетіледі: аралықтары "
    "қабысқан екі мектептің айырмасы айқын емес. Әр көрсеткіштің мәні мен салмағы түсіндірмеде бар.",
    "ru": "Оценка рейтинга складывается из нескольких показателей, а её надёжность показывает интервал: если интервалы "
    "двух школ пересекаются, разница между ними не ясна. Значение и вес каждого показателя — в объяснении.",
    "en": "A rating is made of several indicators, and its interval says how sure it is: where the intervals of two "
    "schools overlap, the difference is not clear. The explanation has the value and weight of each indicator.",
}
RATED = frozenset({"school", "college"})
PUBLICATIONS = "/v1/publications"
"""Where the rating engine tells of its editions."""
