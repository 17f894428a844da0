"""What can go wrong between a caller and what the caller may do."""

from shared.errors import Problem, Text

_CHALLENGE = 'Bearer realm="bilim"'


class Unauthenticated(Problem):
    """Nobody has said who is calling, and this cannot be done by a stranger."""

    code = "unauthenticated"
    status = 401
    title = Text(kk="Аутентификация қажет", ru="Требуется аутентификация", en="Authentication is required")
    detail = Text(
        kk="Сұрауды жарамды токені бар «Authorization: Bearer …» тақырыбымен жіберіңіз.",
        ru="Отправьте запрос с заголовком «Authorization: Bearer …» и действующим токеном.",
        en="Send the request with a header “Authorization: Bearer …” holding a valid token.",
    )

    def __init__(self) -> None:
        super().__init__(headers={"WWW-Authenticate": _CHALLENGE})


class TokenInvalid(Problem):
    """The token is not one that we can trust; `reason` is a short code, never a piece of the token."""

    code = "token_invalid"
    status = 401
    title = Text(kk="Токен жарамсыз", ru="Токен недействителен", en="The token is not valid")
    detail = Text(
        kk="Токен тексеруден өтпеді (себебі: {reason}). Жаңа токен алыңыз.",
        ru="Токен не прошёл проверку (причина: {reason}). Получите новый токен.",
        en="The token did not pass the check (reason: {reason}). Obtain a new token.",
    )

    def __init__(self, reason: str) -> None:
        super().__init__(headers={"WWW-Authenticate": f'{_CHALLENGE}, error="invalid_token"'}, reason=reason)


class TokenExpired(Problem):
    """The token was good, but its time is over."""

    code = "token_expired"
    status = 401
    title = Text(kk="Токеннің мерзімі өтіп кеткен", ru="Срок действия токена истёк", en="The token has expired")
    detail = Text(
        kk="Жаңа токен алып, сұрауды қайталаңыз.",
        ru="Получите новый токен и повторите запрос.",
        en="Obtain a new token and repeat the request.",
    )

    def __init__(self) -> None:
        super().__init__(
            headers={"WWW-Authenticate": f'{_CHALLENGE}, error="invalid_token", error_description="expired"'}
        )


class ScopeMissing(Problem):
    """The caller is known, but none of the caller's roles gives the right that is asked for."""

    code = "scope_missing"
    status = 403
    title = Text(kk="Құқық жеткіліксіз", ru="Недостаточно прав", en="Permission is missing")
    detail = Text(
        kk="Бұл әрекет үшін «{scope}» құқығы қажет.",
        ru="Для этого действия нужно право «{scope}».",
        en="This needs the permission “{scope}”.",
    )

    def __init__(self, scope: str) -> None:
        challenge = f'{_CHALLENGE}, error="insufficient_scope", scope="{scope}"'
        super().__init__(headers={"WWW-Authenticate": challenge}, scope=scope)


class OutOfReach(Problem):
    """The caller has the right, but not over this area or organisation."""

    code = "out_of_reach"
    status = 403
    title = Text(
        kk="Нысан сіздің құзыретіңізден тыс",
        ru="Объект вне ваших полномочий",
        en="This is outside your responsibility",
    )
    detail = Text(
        kk="Сіз тек өз аумағыңыздың немесе өз ұйымыңыздың деректерімен жұмыс істей аласыз.",
        ru="Вы можете работать только с данными своей территории или своей организации.",
        en="You can work only with the data of your own area or your own organisation.",
    )


class IdentityUnavailable(Problem):
    """The issuer's keys cannot be had just now, so the token can be neither trusted nor refused."""

    code = "identity_unavailable"
    status = 503
    title = Text(
        kk="Аутентификация қызметі уақытша қолжетімсіз",
        ru="Служба аутентификации временно недоступна",
        en="The authentication service is temporarily unavailable",
    )
    detail = Text(
        kk="Токенді қазір тексеру мүмкін емес. Сұрауды сәл кейінірек қайталаңыз.",
        ru="Сейчас проверить токен невозможно. Повторите запрос немного позже.",
        en="The token cannot be checked at this moment. Repeat the request a little later.",
    )

    def __init__(self) -> None:
        super().__init__(headers={"Retry-After": "5"})
