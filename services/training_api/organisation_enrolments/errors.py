"""What can go wrong with organisations that enrol as a team."""

from shared.errors import Conflict, Text


class OrganisationEnrolled(Conflict):
    code = "already_enrolled"
    title = Text(
        kk="Ұйым бұл ағымға жазылған",
        ru="Организация уже записана в этот поток",
        en="The organisation is enrolled in this cohort already",
    )
