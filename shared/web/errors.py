"""What the plumbing itself may answer, whatever the capability."""

from shared.errors import Problem, Text


class ValidationFailed(Problem):
    code = "validation_failed"
    status = 422
    title = Text(
        kk="Жіберілген деректерде қате бар", ru="В присланных данных есть ошибки", en="The data sent has mistakes in it"
    )


class BodyUnreadable(Problem):
    code = "body_unreadable"
    status = 400
    title = Text(kk="Сұраудың денесін оқу мүмкін емес", ru="Тело запроса не читается", en="The body cannot be read")


class PathUnknown(Problem):
    code = "not_found"
    status = 404
    title = Text(kk="Мұндай мекенжай жоқ", ru="Такого адреса нет", en="There is no such address")


class MethodNotAllowed(Problem):
    code = "method_not_allowed"
    status = 405
    title = Text(
        kk="Бұл мекенжайға мұндай әдіс қолданылмайды",
        ru="Этот метод к адресу неприменим",
        en="This address does not take this method",
    )


class NotAcceptable(Problem):
    code = "not_acceptable"
    status = 406
    title = Text(
        kk="Сұралған пішімде жауап жоқ", ru="В таком формате ответа нет", en="There is no answer in that format"
    )


class BodyTooLarge(Problem):
    code = "body_too_large"
    status = 413
    title = Text(kk="Сұраудың денесі тым үлкен", ru="Тело запроса слишком велико", en="The body is too large")
    detail = Text(kk="Ең көбі {limit_bytes} байт", ru="Не больше {limit_bytes} байт", en="At most {limit_bytes} bytes")


class MediaTypeUnsupported(Problem):
    code = "media_type_unsupported"
    status = 415
    title = Text(
        kk="Content-Type қолдау таппайды", ru="Такой Content-Type не принимается", en="This Content-Type is not taken"
    )
    detail = Text(
        kk="JSON денесі үшін Content-Type: application/json керек",
        ru="Для тела JSON нужен Content-Type: application/json",
        en="A JSON body needs Content-Type: application/json",
    )


class PreconditionRequired(Problem):
    code = "precondition_required"
    status = 428
    title = Text(kk="If-Match тақырыбы керек", ru="Нужен заголовок If-Match", en="The If-Match header is required")
    detail = Text(
        kk="Алдымен ресурсты оқып, оның ETag мәнін If-Match тақырыбында қайтарыңыз",
        ru="Прочитайте ресурс и верните его ETag в заголовке If-Match",
        en="Read the resource and give its ETag back in If-Match",
    )


class PreconditionFailed(Problem):
    code = "precondition_failed"
    status = 412
    title = Text(
        kk="Ресурс сіз оқығаннан бері өзгерген",
        ru="Ресурс изменился с тех пор, как вы его читали",
        en="The resource has changed since you read it",
    )


class CursorInvalid(Problem):
    code = "cursor_invalid"
    status = 422
    title = Text(
        kk="Бұл cursor осы тізімге жатпайды", ru="Этот cursor не от этого списка", en="This cursor is not of this list"
    )


class IdempotencyKeyInvalid(Problem):
    code = "idempotency_key_invalid"
    status = 400
    title = Text(
        kk="Idempotency-Key 1–255 баспа таңбадан тұрады",
        ru="Idempotency-Key — от 1 до 255 печатных знаков ASCII",
        en="Idempotency-Key is 1 to 255 printable ASCII characters",
    )


class IdempotencyKeyReused(Problem):
    code = "idempotency_key_reused"
    status = 422
    title = Text(
        kk="Бұл Idempotency-Key басқа сұраумен қолданылған",
        ru="Этот Idempotency-Key уже был с другим запросом",
        en="This Idempotency-Key was used with another request",
    )


class IdempotencyKeyInFlight(Problem):
    code = "idempotency_key_in_flight"
    status = 409
    title = Text(
        kk="Осы Idempotency-Key бар сұрау әлі орындалуда",
        ru="Запрос с этим Idempotency-Key ещё выполняется",
        en="A request with this Idempotency-Key is still being carried out",
    )


class TooManyRequests(Problem):
    code = "too_many_requests"
    status = 429
    title = Text(kk="Сұрау тым көп", ru="Слишком много запросов", en="Too many requests")


class Overloaded(Problem):
    code = "overloaded"
    status = 503
    title = Text(
        kk="Қызмет қазір бос емес, сәл кейінірек қайталаңыз",
        ru="Служба перегружена, повторите чуть позже",
        en="The service is overloaded; try again shortly",
    )


class DatabaseUnavailable(Problem):
    code = "database_unavailable"
    status = 503
    title = Text(
        kk="Дерекқор уақытша қолжетімсіз, қайталаңыз",
        ru="База данных временно недоступна, повторите запрос",
        en="The database is unavailable for the moment; try again",
    )


class DatabaseBusy(Problem):
    code = "database_busy"
    status = 503
    title = Text(
        kk="Басқа жазба аяқталғанша күтпей, сұрау тоқтатылды; қайталаңыз",
        ru="Запрос уступил другой записи; повторите его",
        en="The request gave way to another write; try again",
    )


class AlreadyExists(Problem):
    code = "already_exists"
    status = 409
    title = Text(kk="Мұндай жазба бұрыннан бар", ru="Такая запись уже есть", en="There is such a record already")


class ReferenceBroken(Problem):
    code = "reference_broken"
    status = 409
    title = Text(
        kk="Сілтеме жасалған жазба жоқ немесе ол қолданылып тұр",
        ru="Запись, на которую ссылаются, отсутствует или используется",
        en="A record referred to is missing or in use",
    )


class RuleBroken(Problem):
    code = "rule_broken"
    status = 409
    title = Text(
        kk="Дерекқор ережесі бұған жол бермейді",
        ru="Это запрещено правилом базы данных",
        en="A rule of the database forbids this",
    )


class DeadlineExceeded(Problem):
    code = "deadline_exceeded"
    status = 504
    title = Text(
        kk="Сұрау берілген уақытта аяқталмады",
        ru="Запрос не уложился в отведённое время",
        en="The request did not finish in the time it has",
    )
    detail = Text(
        kk="Уақыт шегі {seconds} с; жазу болса, сол Idempotency-Key-мен қайталаңыз",
        ru="Предел {seconds} с; запись повторите с тем же Idempotency-Key",
        en="The limit is {seconds} s; repeat a write with the same Idempotency-Key",
    )


class Internal(Problem):
    code = "internal"
    status = 500
    title = Text(
        kk="Ішкі қате; trace_id нөмірін қолдау қызметіне хабарлаңыз",
        ru="Внутренняя ошибка; сообщите поддержке trace_id",
        en="Internal error; tell support the trace_id",
    )
