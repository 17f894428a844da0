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
