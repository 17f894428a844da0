"""What can be wrong with an organisation that a caller names."""

from shared.errors import Conflict, Problem, Text


class OrganisationUnknown(Conflict):
    """The registry's feed has not told of this organisation (yet), or has told that it was deleted."""

    code = "organisation_unknown"
    title = Text(kk="Ұйым белгісіз", ru="Организация неизвестна", en="The organisation is not known")
    detail = Text(
        kk="Тізілімде {organisation_id} ұйымы жоқ. Ол жаңа ғана тіркелген болса, сәлден кейін қайталаңыз.",
        ru="В реестре нет организации {organisation_id}. Если она только что зарегистрирована, повторите чуть позже.",
        en="The registry has no organisation {organisation_id}. If it was registered just now, repeat in a moment.",
    )


class PersonalDataOutOfReach(Problem):
    """The caller's role has no business with persons."""

    code = "personal_data_out_of_reach"
    status = 403
    title = Text(
        kk="Бұл рөлге жеке деректер ашық емес",
        ru="Этой роли персональные данные не открыты",
        en="Personal data are not open to this role",
    )
