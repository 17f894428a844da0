"""What can go wrong with seats."""

from shared.errors import Conflict, Text


class SeatsTaken(Conflict):
    """Fewer seats are wanted than are taken."""

    code = "seats_taken"
    title = Text(kk="Орындар бос емес", ru="Места заняты", en="The seats are taken")
    detail = Text(
        kk="{taken} орын бос емес, {capacity} орынға азайту мүмкін емес",
        ru="Занято мест: {taken}; уменьшить до {capacity} нельзя",
        en="{taken} seats are taken; there cannot be only {capacity}",
    )
