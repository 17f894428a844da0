"""What can go wrong with trainers."""

from shared.errors import Conflict, NotFound, Text, Unprocessable


class TrainerNotFound(NotFound):
    code = "trainer_not_found"
    title = Text(kk="Мұндай жаттықтырушы жоқ", ru="Такого тренера нет", en="There is no such trainer")


class EducatorUnknown(Conflict):
    """The body names an educator that does not exist."""

    code = "educator_unknown"
    title = Text(kk="Педагог белгісіз", ru="Педагог неизвестен", en="The educator is not known")


class TrainerExists(Conflict):
    code = "trainer_exists"
    title = Text(
        kk="Педагог бұл провайдердің жаттықтырушысы",
        ru="Педагог уже тренер этого провайдера",
        en="The educator is a trainer of this provider already",
    )


class TrainerNotInUse(Conflict):
    code = "trainer_not_in_use"
    title = Text(
        kk="Жаттықтырушыға жаңа сабақ берілмейді",
        ru="Тренеру больше не дают занятий",
        en="The trainer is given no new sessions",
    )


class TrainerTaken(Conflict):
    """The trainer teaches another session at that time."""

    code = "trainer_taken"
    title = Text(kk="Жаттықтырушы бос емес", ru="Тренер занят", en="The trainer is taken")
    detail = Text(
        kk="Жаттықтырушы {trainer_id} сол уақытта басқа сабақ жүргізеді: {session_id}",
        ru="Тренер {trainer_id} в это время ведёт другое занятие: {session_id}",
        en="Trainer {trainer_id} teaches another session at that time: {session_id}",
    )


class NameNeeded(Unprocessable):
    """Somebody from outside would be left without the name that is all that is known of the person."""

    code = "name_needed"
    title = Text(
        kk="Сырттан келген жаттықтырушының аты мен келісімі керек",
        ru="Для тренера со стороны нужны имя и согласие",
        en="Somebody from outside needs a name and the consent to show it, or to be out of use",
    )


class ConsentNeeded(Unprocessable):
    code = "consent_needed"
    title = Text(
        kk="Атын көрсетуге келісім керек",
        ru="Чтобы показывать имя, нужно согласие",
        en="A name is kept with consent only",
    )
