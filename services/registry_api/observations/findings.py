"""What may be wrong or unusual with one observation, in three languages."""

from enum import StrEnum

from shared.errors import Text


class Finding(StrEnum):
    """Codes of faults and warnings; they never change."""

    ORGANISATION_UNKNOWN = "organisation_unknown"
    AREA_UNKNOWN = "area_unknown"
    INDICATOR_UNKNOWN = "indicator_unknown"
    INDICATOR_OF_AREAS = "indicator_of_areas"
    PERIOD_UNKNOWN = "period_unknown"
    PERIOD_UNSUITABLE = "period_unsuitable"
    OUT_OF_REACH = "out_of_reach"
    REPEATED = "observation_repeated"
    VALUE_IMPLAUSIBLE = "value_implausible"
    TYPE_UNEXPECTED = "organisation_type_unexpected"
    STEP_REFUSED = "observation_step_refused"
    APPROVAL_NEEDED = "approval_needed"
    PERIOD_LOCKED = "period_locked"


TEXTS: dict[Finding, Text] = {
    Finding.ORGANISATION_UNKNOWN: Text(
        kk="Мұндай ұйым тіркелмеген", ru="Такой организации в реестре нет", en="No such organisation is registered"
    ),
    Finding.AREA_UNKNOWN: Text(
        kk="Жіктеуіште мұндай аумақ жоқ",
        ru="Такой территории нет в классификаторе",
        en="The classifier has no such area",
    ),
    Finding.INDICATOR_UNKNOWN: Text(
        kk="Мұндай көрсеткіш немесе оның нұсқасы жоқ",
        ru="Такого показателя или такой его версии нет",
        en="There is no such indicator, or no such version of it",
    ),
    Finding.INDICATOR_OF_AREAS: Text(
        kk="Бұл көрсеткіш аумақтарға арналған, ұйымға емес",
        ru="Этот показатель — для территорий, а не для организаций",
        en="This indicator is of areas, not of organisations",
    ),
    Finding.PERIOD_UNKNOWN: Text(
        kk="Мұндай кезең жоқ; мысалы: 2025-2026, 2025, 2025-Q1, 2025-03",
        ru="Такого периода нет; примеры: 2025-2026, 2025, 2025-Q1, 2025-03",
        en="There is no such period; examples: 2025-2026, 2025, 2025-Q1, 2025-03",
    ),
    Finding.PERIOD_UNSUITABLE: Text(
        kk="Бұл көрсеткіш басқа кезеңге өлшенеді: {expected}",
        ru="Этот показатель измеряется за другой период: {expected}",
        en="This indicator is measured for another period: {expected}",
    ),
    Finding.OUT_OF_REACH: Text(
        kk="Бұл сіздің құзыретіңізден тыс", ru="Это вне ваших полномочий", en="This is outside your responsibility"
    ),
    Finding.REPEATED: Text(
        kk="Осы нысан, көрсеткіш, кезең және дереккөз үшін мән екі рет берілген",
        ru="Для этого объекта, показателя, периода и источника значение дано дважды",
        en="A value for this subject, indicator, period and source is given twice",
    ),
    Finding.VALUE_IMPLAUSIBLE: Text(
        kk="Мән әдеттегі ауқымнан тыс ({low} – {high}); қабылданды, тексеріңіз",
        ru="Значение вне правдоподобных границ ({low} – {high}); принято, проверьте",
        en="The value is outside the plausible range ({low} to {high}); it was accepted, please check it",
    ),
    Finding.TYPE_UNEXPECTED: Text(
        kk="Көрсеткіш мұндай ұйым түріне арналмаған; қабылданды, тексеріңіз",
        ru="Показатель не для организаций этого типа; принято, проверьте",
        en="The indicator is not meant for this type of organisation; it was accepted, please check it",
    ),
    Finding.STEP_REFUSED: Text(
        kk="«{current}» мәнінен кейін «{wanted}» келе алмайды",
        ru="После «{current}» не может следовать «{wanted}»",
        en="What is {current} cannot become {wanted}",
    ),
    Finding.APPROVAL_NEEDED: Text(
        kk="Түпкілікті мәнді басқа адам бекітеді; алдын ала (provisional) ретінде тапсырыңыз",
        ru="Окончательным значение делает другой человек; передайте его как предварительное (provisional)",
        en="Somebody else has to approve a final value; hand it in as provisional",
    ),
    Finding.PERIOD_LOCKED: Text(
        kk="Кезең жабық: {reason}", ru="Период закрыт: {reason}", en="The period is locked: {reason}"
    ),
}
