"""The rules this registry ships with; the keepers of the data change, end and add to them."""

from collections.abc import Sequence

from shared.schemas.registry.quality_rules import RuleSet

RULES: Sequence[tuple[str, RuleSet]] = tuple(
    (code, RuleSet.model_validate({"valid_from": "1991-12-16", **rule}))
    for code, rule in (
        (
            "value_implausible",
            {
                "severity": "warning",
                "expression": {"kind": "plausible"},
                "text": {
                    "kk": "Мән көрсеткіш анықтамасындағы әдеттегі ауқымнан тыс",
                    "ru": "Значение вне границ, которые определение показателя считает правдоподобными",
                    "en": "The value is outside the range its definition calls plausible",
                },
                "basis": "Catalogue of indicators",
            },
        ),
        (
            "parts_do_not_add_up",
            {
                "severity": "warning",
                "indicators": ["REG_PRE_QUEUE", "REG_SEAT_DEFICIT", "REG_TEACHER_SHORTAGE", "REG_THREE_SHIFT_SCHOOLS"],
                "expression": {"kind": "parts", "tolerance": 0.5},
                "text": {
                    "kk": "Аудандар қосындысы өңірдің мәніне тең емес",
                    "ru": "Сумма по районам не равна значению региона",
                    "en": "The districts do not add up to the region",
                },
            },
        ),
        (
            "changed_by_half",
            {
                "severity": "info",
                "indicators": [
                    *("REG_PRE_QUEUE", "REG_SEAT_DEFICIT", "REG_TEACHER_SHORTAGE"),
                    *("SCH_KNOWLEDGE_QUALITY", "SCH_PRIMARY_CLASS_COUNT", "SCH_UNT_PARTICIPATION"),
                ],
                "expression": {"kind": "change", "most": 50, "measured": "percent"},
                "text": {
                    "kk": "Мән өткен кезеңмен салыстырғанда жартысынан артық өзгерген",
                    "ru": "Значение изменилось больше чем наполовину по сравнению с прошлым периодом",
                    "en": "The value changed by more than half since the period before",
                },
            },
        ),
        (
            "shifts_not_reported",
            {
                "severity": "info",
                "indicators": ["SCH_SHIFT_COUNT"],
                "expression": {"kind": "required"},
                "text": {
                    "kk": "Мектеп ауысым санын тапсырмаған",
                    "ru": "Школа не сообщила число смен",
                    "en": "The school has not reported its number of shifts",
                },
            },
        ),
    )
)
