"""What can go wrong with providers."""

from shared.errors import Conflict, NotFound, Text


class ProviderNotFound(NotFound):
    code = "provider_not_found"
    title = Text(kk="Мұндай провайдер жоқ", ru="Такого провайдера нет", en="There is no such provider")


class ProviderUnknown(Conflict):
    """A body names a provider that does not exist."""

    code = "provider_unknown"
    title = Text(kk="Провайдер белгісіз", ru="Провайдер неизвестен", en="The provider is not known")


class ProviderExists(Conflict):
    """The organisation is a provider already, or the code is taken."""

    code = "provider_exists"
    title = Text(
        kk="Ұйым провайдер ретінде тіркелген немесе код бос емес",
        ru="Организация уже провайдер или код занят",
        en="The organisation is a provider already, or the code is taken",
    )
