"""What can go wrong when one service asks another."""

import re
from collections.abc import Mapping
from typing import Any

from shared.errors import Problem, Text

_CODE = re.compile(r"[a-z][a-z0-9_]{0,62}")


class RemoteProblem(Problem):
    """The other service answered with a problem. What it said is in `remote_status`, `remote_code` and `document`.

    Where nobody catches it, our own caller gets 502: the fault is between the services.
    """

    code = "remote_refused"
    status = 502
    title = Text(kk="Басқа сервис сұраудан бас тартты", ru="Другой сервис отказал", en="Another service refused")
    detail = Text(
        kk="«{service}» сервисі {remote_status} ({remote_code}) деп жауап берді.",
        ru="Сервис «{service}» ответил {remote_status} ({remote_code}).",
        en="The service “{service}” answered {remote_status} ({remote_code}).",
    )

    def __init__(
        self, service: str, *, status: int, document: Mapping[str, Any], retry_after_seconds: float | None = None
    ) -> None:
        code = document.get("code", document.get("error"))
        self.remote_status = status
        self.remote_code = code if isinstance(code, str) and _CODE.fullmatch(code) else "unknown"
        self.document = document
        """The problem document as it came, or an empty one."""
        self.retry_after_seconds = retry_after_seconds
        super().__init__(service=service, remote_status=status, remote_code=self.remote_code)


class RemoteUnavailable(Problem):
    """The other service cannot be had just now: no connection, no answer in time, overload, or an open circuit."""

    code = "remote_unavailable"
    status = 503
    title = Text(
        kk="Басқа сервис уақытша қолжетімсіз",
        ru="Другой сервис временно недоступен",
        en="Another service is temporarily unavailable",
    )
    detail = Text(
        kk="«{service}» сервисінен жауап жоқ ({reason}). Сұрауды сәл кейінірек қайталаңыз.",
        ru="Сервис «{service}» не отвечает ({reason}). Повторите запрос немного позже.",
        en="The service “{service}” does not answer ({reason}). Repeat the request a little later.",
    )

    def __init__(self, service: str, *, reason: str, retry_after_seconds: float = 1) -> None:
        seconds = max(1, round(retry_after_seconds))
        super().__init__(headers={"Retry-After": str(seconds)}, service=service, reason=reason)


class RemoteAnswerInvalid(Problem):
    """The other service answered something that is not what the contract says."""

    code = "remote_answer_invalid"
    status = 502
    title = Text(
        kk="Басқа сервистің жауабы келісімге сай емес",
        ru="Ответ другого сервиса не соответствует договору",
        en="Another service's answer breaks the contract",
    )
    detail = Text(
        kk="«{service}» сервисінің жауабын оқу мүмкін емес ({reason}).",
        ru="Ответ сервиса «{service}» нельзя прочитать ({reason}).",
        en="The answer of the service “{service}” cannot be read ({reason}).",
    )

    def __init__(self, service: str, *, reason: str) -> None:
        super().__init__(service=service, reason=reason)
