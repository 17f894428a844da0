"""Why a methodology document is refused, each reason with a stable code and a sentence in three languages."""

from typing import NamedTuple

from shared.errors import Text, Value


class Refusal(NamedTuple):
    """A reason with its values filled in."""

    code: str
    message: Text


class Reason(NamedTuple):
    """A reason that can be given."""

    code: str
    message: Text

    def of(self, **values: Value) -> Refusal:
        """The reason in this case."""
        return Refusal(self.code, self.message.filled(values))


NODE_REPEATED = Reason(
    "node_repeated",
    Text(
        kk="{code} түйіні ағашта екі рет кездеседі",
        ru="Узел {code} встречается в дереве дважды",
        en="The node {code} occurs twice in the tree",
    ),
)
INDICATOR_REPEATED = Reason(
    "indicator_repeated",
    Text(
        kk="{code} көрсеткіші ағашта екі рет кездеседі",
        ru="Показатель {code} встречается в дереве дважды",
        en="The indicator {code} occurs twice in the tree",
    ),
)
WEIGHTS_ALL_ZERO = Reason(
    "weights_all_zero",
    Text(
        kk="{code} түйінінің барлық салмағы нөл",
        ru="Все веса в узле {code} равны нулю",
        en="All weights in the node {code} are zero",
    ),
)
WEIGHT_TOO_SMALL = Reason(
    "weight_too_small",
    Text(
        kk="Салмақ нөл немесе кемінде {least} болуы керек: {weight}",
        ru="Вес должен быть нулём или не меньше {least}: {weight}",
        en="A weight must be zero or at least {least}: {weight}",
    ),
)
BELOW_ZERO = Reason(
    "mean_below_zero",
    Text(
        kk="{kind} нөлден төмен мәндерде анықталмаған, ал {child} нөлден төмен түсе алады",
        ru="{kind} не определено ниже нуля, а {child} может быть ниже нуля",
        en="{kind} is not defined below zero, and {child} can go below zero",
    ),
)
CAP_EMPTY = Reason(
    "cap_empty",
    Text(kk="low немесе high керек", ru="Нужно low или high", en="Either low or high is needed"),
)
NOT_BELOW = Reason(
    "not_below",
    Text(
        kk="Төменгі шек жоғарғыдан кіші болуы керек: {low} және {high}",
        ru="Нижняя граница должна быть меньше верхней: {low} и {high}",
        en="The low end must be below the high end: {low} and {high}",
    ),
)
NOT_POSITIVE = Reason(
    "not_positive",
    Text(
        kk="Логарифм үшін төменгі шек нөлден үлкен болуы керек: {low}",
        ru="Для логарифма нижняя граница должна быть больше нуля: {low}",
        en="For a logarithm the low end must be above zero: {low}",
    ),
)
TOO_FAR_APART = Reason(
    "too_far_apart",
    Text(
        kk="{low} және {high} арасын есептеу мүмкін емес",
        ru="Расстояние между {low} и {high} нельзя вычислить",
        en="The distance between {low} and {high} cannot be computed with",
    ),
)
NOT_ASCENDING = Reason(
    "not_ascending",
    Text(kk="Шектер өсу ретімен берілуі керек", ru="Границы должны возрастать", en="The cuts must ascend"),
)
ONE_MORE = Reason(
    "one_more_expected",
    Text(
        kk="Шектерден біреуі артық болуы керек: {expected}, берілгені {given}",
        ru="Должно быть на одно больше, чем границ: {expected}, а дано {given}",
        en="There must be one more than there are cuts: {expected}, not {given}",
    ),
)
LABEL_REPEATED = Reason(
    "label_repeated",
    Text(kk="Топ атауы қайталанған", ru="Название группы повторяется", en="The name of a band is repeated"),
)
ALTERNATIVE_WITHOUT_PARAMETERS = Reason(
    "alternative_without_parameters",
    Text(
        kk="{kind} үшін параметрлер керек, ал ешбір көрсеткіште ондай жоқ: ештеңе өзгермес еді",
        ru="Для {kind} нужны параметры, а ни один показатель их не задаёт: ничего бы не менялось",
        en="{kind} needs parameters that nothing in the tree declares: nothing would vary",
    ),
)
AGAINST_DIRECTION = Reason(
    "against_direction",
    Text(
        kk="Нүктелер {direction} бағытына қарсы бұрылмауы керек: жақсы мән ұпайды төмендетер еді",
        ru="Точки не должны поворачивать против направления {direction}: лучшее значение снизило бы балл",
        en="The points must not turn against the direction {direction}: a better value would lower the score",
    ),
)
PEERS_OF_NOTHING = Reason(
    "peers_of_nothing",
    Text(
        kk="Топ үшін by немесе nearest керек",
        ru="Для группы сравнения нужно by или nearest",
        en="Peers need either by or nearest",
    ),
)
CHARGE_WITHOUT_PENALTY = Reason(
    "charge_without_penalty",
    Text(
        kk="charge тек penalise мен zero кезінде қолданылады, мұнда {policy}",
        ru="charge действует только при penalise и zero, а здесь {policy}",
        en="charge has a meaning only under penalise and zero, and this is {policy}",
    ),
)
IMPUTED_AND_CHARGED = Reason(
    "imputed_and_charged",
    Text(
        kk="Бос орындар толтырылса, {policy} үшін ештеңе қалмайды: біреуін таңдаңыз",
        ru="Если пропуски заполняются, для {policy} ничего не остаётся: выберите одно",
        en="Where gaps are filled nothing is left for {policy}: choose one",
    ),
)
GROUPS_WITHOUT_USE = Reason(
    "groups_without_use",
    Text(
        kk="{kind} бүкіл жиынтық бойынша алынады, by керек емес",
        ru="{kind} берётся по всей совокупности, by не нужно",
        en="{kind} is taken over everyone, by has no meaning",
    ),
)
LIMIT_OF_NOTHING = Reason(
    "limit_of_nothing",
    Text(
        kk="{code} ағашта да, context ішінде де жоқ",
        ru="{code} нет ни в дереве, ни в context",
        en="{code} is neither in the tree nor in the context",
    ),
)
ONE_BAR = Reason(
    "one_bar",
    Text(
        kk="at_least немесе at_most, дәл біреуі керек",
        ru="Нужно ровно одно из двух: at_least или at_most",
        en="Exactly one of at_least and at_most is needed",
    ),
)
BAND_UNKNOWN = Reason(
    "band_unknown",
    Text(
        kk="{band} тобы bands ішінде жоқ",
        ru="Группы {band} нет в bands",
        en="There is no band {band} in bands",
    ),
)
REFERENCE_IS_CUT = Reason(
    "reference_is_cut",
    Text(
        kk="reference шектердің бірі болмауы керек: {reference}",
        ru="reference не может быть одной из границ: {reference}",
        en="The reference must not be one of the cuts: {reference}",
    ),
)
LABELS_EXPECTED = Reason(
    "labels_expected",
    Text(
        kk="Атаулар саны {expected} болуы керек, берілгені {given}",
        ru="Названий должно быть {expected}, а дано {given}",
        en="There must be {expected} labels, not {given}",
    ),
)
POPULATION_NEEDED = Reason(
    "population_needed",
    Text(
        kk="Сауалнама үшін population керек: жалпы саны қай көрсеткіште",
        ru="Для опроса нужно population: в каком показателе численность",
        en="A survey needs population: the indicator that holds the size",
    ),
)
RELIABILITY_OF_MEANS = Reason(
    "reliability_needs_arithmetic",
    Text(
        kk="Сенімділік бойынша салмақтау тек арифметикалық орташада болады: {code} түйінінде {kind}",
        ru="Взвешивание по надёжности возможно только при арифметических средних: в узле {code} {kind}",
        en="Weights by reliability need arithmetic means: the node {code} has {kind}",
    ),
)
CODE_REPEATED = Reason(
    "code_repeated",
    Text(kk="{code} қайталанған", ru="{code} повторяется", en="{code} is repeated"),
)
COEFFICIENT_UNKNOWN = Reason(
    "coefficient_unknown",
    Text(
        kk="{code} бұл модельде жоқ",
        ru="{code} нет в этой модели",
        en="{code} is not in this model",
    ),
)
FACTOR_CHANGES_NOTHING = Reason(
    "factor_changes_nothing",
    Text(
        kk="Бұл фактор ештеңені өзгертпес еді: {kind}",
        ru="Этот фактор ничего бы не менял: {kind}",
        en="This factor would change nothing: {kind}",
    ),
)
FACTOR_REPEATED = Reason(
    "factor_repeated",
    Text(
        kk="{kind}: дәл осыны бұрынғы фактор өзгертеді",
        ru="{kind}: то же самое уже меняет другой фактор",
        en="{kind}: another factor varies the same already",
    ),
)
LEVEL_UNKNOWN = Reason(
    "level_unknown",
    Text(
        kk="Ағашта {level}-деңгейлі түйін жоқ, ең тереңі — {deepest}",
        ru="В дереве нет узлов уровня {level}, самый глубокий — {deepest}",
        en="The tree has no nodes of level {level}; the deepest is {deepest}",
    ),
)
NOT_IN_TREE = Reason(
    "not_in_tree",
    Text(
        kk="{code} ағашта жоқ",
        ru="В дереве нет {code}",
        en="{code} is not in the tree",
    ),
)
ONE_WAY_OF_WEIGHTS = Reason(
    "one_way_of_weights",
    Text(
        kk="spread, concentration және sets ішінен дәл біреуін беріңіз",
        ru="Нужно ровно одно из spread, concentration и sets",
        en="Give exactly one of spread, concentration and sets",
    ),
)
REQUIRE_VARIES_NOTHING = Reason(
    "require_takes_units_away",
    Text(
        kk="require қатысушыларды ғана азайтар еді: кімнің бағаланатыны өзгермейді",
        ru="require только убрал бы участников: кто оценивается, не меняется",
        en="require would only take units away: who is rated does not vary",
    ),
)
