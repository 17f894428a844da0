"""What can go wrong with rooms."""

from shared.errors import Conflict, NotFound, Text, Unprocessable


class RoomNotFound(NotFound):
    code = "room_not_found"
    title = Text(kk="Мұндай бөлме жоқ", ru="Такого помещения нет", en="There is no such room")


class RoomUnknown(Conflict):
    """A body names a room that is not there, or not the host's, or not in use."""

    code = "room_unknown"
    title = Text(
        kk="Өткізу орнында мұндай бөлме жоқ",
        ru="У места проведения нет такого помещения",
        en="The venue's host has no such room in use",
    )


class RoomExists(Conflict):
    code = "room_exists"
    title = Text(
        kk="Ұйымда мұндай атаумен бөлме бар",
        ru="У организации есть помещение с таким названием",
        en="The organisation has a room of this name",
    )


class RoomTaken(Conflict):
    """Another session is held in the room at that time."""

    code = "room_taken"
    title = Text(kk="Бөлме бос емес", ru="Помещение занято", en="The room is taken")
    detail = Text(
        kk="Сол уақытта бұл бөлмеде басқа сабақ өтеді: {session_id}",
        ru="В это время в помещении идёт другое занятие: {session_id}",
        en="Another session is held in it at that time: {session_id}",
    )


class VenueNeeded(Unprocessable):
    code = "venue_needed"
    title = Text(
        kk="Бөлме көрсетілсе, өткізу орны да керек",
        ru="Если указано помещение, нужно и место проведения",
        en="Who names a room names the venue too",
    )
