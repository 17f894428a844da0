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


class SeatsKept(Conflict):
    """Seats that are not taken are kept for some, and would have to go."""

    code = "seats_kept"
    title = Text(kk="Орындар сақталып тұр", ru="Места зарезервированы", en="The seats are kept for some")
    detail = Text(
        kk="{taken} орын бос емес, тағы {kept} орын сақталып тұр; {capacity} орынға азайту мүмкін емес",
        ru="Занято мест: {taken}, ещё зарезервировано: {kept}; уменьшить до {capacity} нельзя",
        en="{taken} seats are taken and {kept} more are kept for some; there cannot be only {capacity}",
    )
