"""What can go wrong with a bundle."""

from shared.errors import Conflict, Text


class BundleUnreadable(ValueError):
    """The file is no bundle; the message says why."""


class BundleUnavailable(Conflict):
    """Something the run was computed from is no longer there as it was."""

    code = "bundle_unavailable"
    title = Text(
        kk="Бұл есептеудің толық жинағы жоқ",
        ru="Полного набора для этого расчёта нет",
        en="There is no complete bundle of this run",
    )
    detail = Text(
        kk="Жетіспейтіні: {part}. Әдістемені бекітіп, қайта есептеңіз.",
        ru="Недостаёт: {part}. Согласуйте методику и посчитайте снова.",
        en="Missing: {part}. Agree the methodology and run it again.",
    )
