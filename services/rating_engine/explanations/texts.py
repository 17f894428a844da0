"""What stands in words beside the numbers of an explanation."""

from collections.abc import Mapping

from shared.schemas.base import TextOut

REASONS: Mapping[str, TextOut] = {
    "not_sampled": TextOut(
        kk="Бұл кезеңде ұйым іріктемеге кірмеген. Көрсеткіш есепке алынбайды.",
        ru="В этот период организация не попала в выборку. Показатель не учитывается.",
        en="The organisation was not in the sample of this period. The indicator does not count.",
    ),
    "not_applicable": TextOut(
        kk="Көрсеткіш бұл ұйымға қатысты емес. Есепке алынбайды.",
        ru="Показатель к этой организации не относится. Он не учитывается.",
        en="The indicator does not apply to this organisation. It does not count.",
    ),
    "not_reported": TextOut(
        kk="Дерек берілмеген. Жасырған тиімді болмауы үшін әдістемедегі ереже қолданылады.",
        ru="Данные не переданы. Действует правило методики, по которому скрывать невыгодно.",
        en="The value was not reported. The methodology's rule applies, by which hiding does not pay.",
    ),
    "suppressed": TextOut(
        kk="Мән тым аз адамға негізделген, сондықтан көрсетілмейді.",
        ru="Значение опирается на слишком малое число людей и не показывается.",
        en="The value rests on too few people and is not shown.",
    ),
    "below_min_n": TextOut(
        kk="Бақылау саны әдістемедегі ең аз саннан кем.",
        ru="Наблюдений меньше, чем требует методика.",
        en="There are fewer observations than the methodology asks for.",
    ),
    "low_coverage": TextOut(
        kk="Дерек ұйымның тым аз бөлігін қамтиды.",
        ru="Данные охватывают слишком малую часть организации.",
        en="The data cover too small a part of the organisation.",
    ),
    "under_appeal": TextOut(
        kk="Мән даулы: апелляция шешілгенше соңғы қабылданған мән пайдаланылады.",
        ru="Значение оспаривается: до решения по апелляции используется последнее принятое.",
        en="The value is disputed: until the appeal is decided the last accepted one is used.",
    ),
    "invalidated": TextOut(
        kk="Мән жарамсыз деп танылды.",
        ru="Значение признано недействительным.",
        en="The value was found invalid.",
    ),
}
"""Why a value is missing, and what that does."""

UNKNOWN = TextOut(kk="Себебі көрсетілмеген.", ru="Причина не указана.", en="No reason is given.")

SCORE = TextOut(
    kk="Балл — көрсеткіштер үлестерінің қосындысы; әр үлес мән мен салмаққа тәуелді.",
    ru="Балл — сумма вкладов показателей; вклад зависит от значения и веса.",
    en="The score is the sum of what each indicator brought; that depends on its value and its weight.",
)
PLACE = TextOut(
    kk="Орын шамамен: аралықтары қиылысатын ұйымдарды бір-бірінен жоғары деуге болмайды.",
    ru="Место приблизительно: об организациях с пересекающимися интервалами нельзя сказать, кто выше.",
    en="The place is approximate: of organisations whose intervals overlap it cannot be said which is above.",
)
NO_INTERVAL = TextOut(
    kk="Деректердің дәлдігі белгісіз, сондықтан орынның аралығы көрсетілмейді.",
    ru="Точность данных неизвестна, поэтому интервал места не показан.",
    en="How exact the data are is not known, so no interval of the place by the data is told.",
)
NEXT = TextOut(
    kk="Келесі топқа жеткізетін өзгеріс есеп қана, кепілдік емес: басқалары өзгермейді деп алынған.",
    ru="Изменение до следующей группы — расчёт, а не обещание: всё остальное принято неизменным.",
    en="The change that reaches the next band is arithmetic and no promise: everything else is taken as it is.",
)
NOT_CAUSE = TextOut(
    kk="Рейтинг не болғанын айтады, неге болғанын емес; құрамы әртүрлі ұйымдарды тек орны бойынша салыстырмаңыз.",
    ru="Рейтинг говорит, что есть, а не почему; не сравнивайте организации с разным составом только по месту.",
    en="The rating tells what is and not why; do not compare organisations of different intake by place alone.",
)
QUESTIONS = TextOut(
    kk="Дерек туралы — ұйымның өзінен немесе білім басқармасынан, әдістеме туралы — рейтингті жариялаған органнан.",
    ru="О данных — у самой организации или управления образования, о методике — у органа, опубликовавшего рейтинг.",
    en="About the data ask the organisation or its department of education, about the method whoever publishes it.",
)
