"""What a wrong value is told, by pydantic's kind of error, in three languages."""

from shared.errors import Text

WRONG = Text(kk="Мән дұрыс емес", ru="Значение неверно", en="The value is not valid")
UNKNOWN = Text(kk="Мұндай атау жоқ", ru="Такого имени нет", en="There is no such name")
UNKNOWN_WITH_SUGGESTION = Text(
    kk="Мұндай атау жоқ; мүмкін, «{suggestion}»?",
    ru="Такого имени нет; может быть, «{suggestion}»?",
    en="There is no such name; did you mean «{suggestion}»?",
)

_NUMBER = Text(kk="Сан күтіледі", ru="Ожидается число", en="A number is expected")
_INTEGER = Text(kk="Бүтін сан күтіледі", ru="Ожидается целое число", en="A whole number is expected")
_TEXT = Text(kk="Мәтін күтіледі", ru="Ожидается текст", en="A text is expected")
_DATE = Text(
    kk="Күн YYYY-MM-DD түрінде күтіледі", ru="Ожидается дата вида YYYY-MM-DD", en="A date as YYYY-MM-DD is expected"
)
_INSTANT = Text(
    kk="Уақыт белдеуі бар ISO 8601 уақыты күтіледі",
    ru="Ожидается время ISO 8601 со смещением",
    en="A time in ISO 8601 with its offset is expected",
)
_BOOLEAN = Text(kk="true немесе false күтіледі", ru="Ожидается true или false", en="true or false is expected")
_UUID = Text(kk="UUID күтіледі", ru="Ожидается UUID", en="A UUID is expected")
_OBJECT = Text(kk="JSON нысаны күтіледі", ru="Ожидается объект JSON", en="A JSON object is expected")
_LIST = Text(kk="JSON тізімі күтіледі", ru="Ожидается список JSON", en="A JSON array is expected")
_ONE_OF = Text(kk="Мыналардың бірі: {expected}", ru="Одно из: {expected}", en="One of: {expected}")
_KIND = Text(kk="Мыналардың бірі: {expected_tags}", ru="Одно из: {expected_tags}", en="One of: {expected_tags}")

MESSAGES: dict[str, Text] = {
    "missing": Text(kk="Міндетті мән жоқ", ru="Обязательного значения нет", en="A required value is missing"),
    "json_invalid": Text(kk="Бұл JSON емес", ru="Это не JSON", en="This is not JSON"),
    "json_type": Text(kk="Бұл JSON емес", ru="Это не JSON", en="This is not JSON"),
    "string_type": _TEXT,
    "string_unicode": Text(
        kk="Мәтінде Юникодта жоқ таңба бар",
        ru="В тексте есть знак, которого нет в Юникоде",
        en="The text has a character that is not Unicode",
    ),
    "string_too_short": Text(
        kk="Кемінде {min_length} таңба", ru="Не короче {min_length} знаков", en="At least {min_length} characters"
    ),
    "string_too_long": Text(
        kk="Ең көбі {max_length} таңба", ru="Не длиннее {max_length} знаков", en="At most {max_length} characters"
    ),
    "string_pattern_mismatch": Text(
        kk="Мәтін {pattern} үлгісіне сай емес",
        ru="Текст не подходит под образец {pattern}",
        en="The text does not match {pattern}",
    ),
    "int_type": _INTEGER,
    "int_parsing": _INTEGER,
    "int_from_float": _INTEGER,
    "int_parsing_size": Text(kk="Сан тым үлкен", ru="Число слишком велико", en="The number is too large"),
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "decimal_type": _NUMBER,
    "decimal_parsing": _NUMBER,
    "decimal_max_digits": Text(
        kk="Ең көбі {max_digits} цифр", ru="Не больше {max_digits} цифр", en="At most {max_digits} digits"
    ),
    "decimal_max_places": Text(
        kk="Үтірден кейін ең көбі {decimal_places} цифр",
        ru="Не больше {decimal_places} цифр после запятой",
        en="At most {decimal_places} decimal places",
    ),
    "finite_number": Text(kk="Шекті сан күтіледі", ru="Ожидается конечное число", en="A finite number is expected"),
    "bool_type": _BOOLEAN,
    "bool_parsing": _BOOLEAN,
    "greater_than": Text(kk="{gt} мәнінен үлкен болуы керек", ru="Больше {gt}", en="Greater than {gt}"),
    "greater_than_equal": Text(kk="{ge} немесе одан үлкен", ru="Не меньше {ge}", en="At least {ge}"),
    "less_than": Text(kk="{lt} мәнінен кіші болуы керек", ru="Меньше {lt}", en="Less than {lt}"),
    "less_than_equal": Text(kk="{le} немесе одан кіші", ru="Не больше {le}", en="At most {le}"),
    "multiple_of": Text(kk="{multiple_of} санына еселі", ru="Кратно {multiple_of}", en="A multiple of {multiple_of}"),
    "enum": _ONE_OF,
    "literal_error": _ONE_OF,
    "union_tag_invalid": _KIND,
    "union_tag_not_found": Text(
        kk="{discriminator} көрсетілмеген", ru="Не указан {discriminator}", en="{discriminator} is missing"
    ),
    "date_type": _DATE,
    "date_parsing": _DATE,
    "date_from_datetime_parsing": _DATE,
    "date_from_datetime_inexact": _DATE,
    "datetime_type": _INSTANT,
    "datetime_parsing": _INSTANT,
    "datetime_from_date_parsing": _INSTANT,
    "timezone_aware": _INSTANT,
    "time_parsing": Text(kk="Уақыт күтіледі", ru="Ожидается время", en="A time is expected"),
    "uuid_type": _UUID,
    "uuid_parsing": _UUID,
    "uuid_version": _UUID,
    "list_type": _LIST,
    "tuple_type": _LIST,
    "set_type": _LIST,
    "dict_type": _OBJECT,
    "model_type": _OBJECT,
    "model_attributes_type": _OBJECT,
    "dataclass_type": _OBJECT,
    "too_short": Text(
        kk="Кемінде {min_length} элемент", ru="Не меньше {min_length} элементов", en="At least {min_length} items"
    ),
    "too_long": Text(
        kk="Ең көбі {max_length} элемент", ru="Не больше {max_length} элементов", en="At most {max_length} items"
    ),
    "none_required": Text(kk="null күтіледі", ru="Ожидается null", en="null is expected"),
    "url_parsing": Text(kk="URL күтіледі", ru="Ожидается URL", en="A URL is expected"),
    "url_scheme": Text(
        kk="URL мынадан басталады: {expected_schemes}",
        ru="URL начинается с {expected_schemes}",
        en="The URL begins with {expected_schemes}",
    ),
    "bytes_invalid_encoding": Text(kk="Мәтін UTF-8 емес", ru="Текст не в UTF-8", en="The text is not UTF-8"),
    "recursion_loop": Text(kk="Тұйық сілтеме бар", ru="Есть замкнутая ссылка", en="There is a circular reference"),
}
