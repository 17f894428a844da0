"""What can go wrong with computed indicators."""

from shared.errors import NotFound, Text, Unprocessable


class DerivedIndicatorNotFound(NotFound):
    """No indicator of this code is computed here."""

    code = "derived_indicator_not_found"
    title = Text(
        kk="Бұл көрсеткіш есептелмейді", ru="Этот показатель не вычисляется", en="This indicator is not computed"
    )


class ShareIndicatorUnknown(Unprocessable):
    """A share is asked of an indicator that nobody has defined."""

    code = "indicator_unknown"
    title = Text(kk="Белгісіз көрсеткіш", ru="Неизвестный показатель", en="Unknown indicator")


class OrganisationNeeded(Unprocessable):
    """The indicator is one of organisations, and none was named."""

    code = "organisation_needed"
    title = Text(
        kk="Бұл көрсеткіш үшін organisation_id керек",
        ru="Для этого показателя нужен organisation_id",
        en="This indicator needs organisation_id",
    )


class OrganisationNotExpected(Unprocessable):
    """The indicator is one of areas."""

    code = "organisation_not_expected"
    title = Text(
        kk="Бұл аумақтың көрсеткіші: organisation_id берілмейді",
        ru="Это показатель территории: organisation_id не даётся",
        en="This is an indicator of areas: it takes no organisation_id",
    )
