"""What can go wrong with fixing the posts of a methodology."""

from collections.abc import Mapping

from shared.errors import Text, Unprocessable


class NotFreezable(Unprocessable):
    """A part of the method is about the others by its nature; `errors` say which and why."""

    code = "not_freezable"
    title = Text(
        kk="Бұл әдістеменің өлшемін бекіту мүмкін емес",
        ru="Шкалу этой методики нельзя закрепить",
        en="The scale of this methodology cannot be fixed",
    )


class IndicatorNotInRun(Unprocessable):
    """The data of the run lack an indicator that the methodology asks for."""

    code = "indicator_not_in_run"
    title = Text(
        kk="Есептеу деректерінде бұл көрсеткіш жоқ",
        ru="В данных расчёта нет этого показателя",
        en="The data of the run lack this indicator",
    )


LACKING = Text(
    kk="Есептеу деректерінде {code} жоқ",
    ru="В данных расчёта нет {code}",
    en="The data of the run lack {code}",
)


REASONS: Mapping[str, Text] = {
    "peers": Text(
        kk="{of} топ ішінде салыстырылады: әр топқа өз кестесі керек",
        ru="{of} сравнивается внутри группы: у каждой группы была бы своя таблица",
        en="{of} is compared within a group: each group would need a table of its own",
    ),
    "copeland": Text(
        kk="{of} түйінінде жеңістер саналады, олар басқаларға байланысты",
        ru="В узле {of} считаются победы, они зависят от остальных",
        en="{of} counts wins, which depend on the others",
    ),
    "imputation": Text(
        kk="{of} бос орындары басқалардың орташасымен толтырылады",
        ru="Пропуски {of} заполняются средним остальных",
        en="Gaps of {of} are filled with a mean of the others",
    ),
    "node_charge": Text(
        kk="min_node_coverage пен penalise бірге түйінге басқалардың мәнін қояды",
        ru="min_node_coverage вместе с penalise ставит узлу значение остальных",
        en="min_node_coverage together with penalise charges a node with a value of the others",
    ),
    "turning": Text(
        kk="{of}: fraction_of_maximum мұнда жақсы мәнді төмен бағалайды",
        ru="{of}: fraction_of_maximum здесь оценивает лучшее значение ниже",
        en="{of}: fraction_of_maximum values a better figure less here",
    ),
    "no_values": Text(
        kk="{of} үшін есептеуде бірде-бір мән жоқ",
        ru="В расчёте нет ни одного значения {of}",
        en="The run has no value of {of}",
    ),
}
"""Why a part cannot be fixed, by the word of the core."""
