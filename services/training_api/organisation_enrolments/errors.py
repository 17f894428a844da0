"""What can go wrong with organisations that enrol as a team."""

from shared.errors import Conflict, NotFound, Text


class OrganisationEnrolled(Conflict):
    code = "already_enrolled"
    title = Text(
        kk="Ұйым бұл ағымға жазылған",
        ru="Организация уже записана в этот поток",
        en="The organisation is enrolled in this cohort already",
    )


class TeamNotFound(NotFound):
    code = "team_not_found"
    title = Text(kk="Мұндай топ жоқ", ru="Такой команды нет", en="There is no such team")


class MemberElsewhere(Conflict):
    code = "member_elsewhere"
    title = Text(
        kk="Педагог басқа ұйымда жұмыс істейді",
        ru="Педагог работает в другой организации",
        en="The educator works at another organisation",
    )
