"""Lines of the log: one JSON object each, whoever wrote them."""

import io
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import structlog

from shared.observability import context, logs

Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def lines() -> Iterator[Lines]:
    """Everything that is logged during the test; the process's own logging is put back afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    logs.configure("registry", level="info", stream=stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def test_a_line_says_when_where_how_serious_and_what(lines: Lines) -> None:
    structlog.get_logger("bilim.test").info("organisation_registered", count=3)

    [line] = lines()
    assert line["event"] == "organisation_registered"
    assert (line["service"], line["level"], line["logger"], line["count"]) == ("registry", "info", "bilim.test", 3)
    assert line["timestamp"].endswith("Z")


def test_lines_of_a_request_bear_its_names(lines: Lines) -> None:
    with context.working() as identity:
        structlog.get_logger().warning("inside")
        logging.getLogger("some.library").warning("inside too")
    structlog.get_logger().warning("outside")

    inside, library, outside = lines()
    assert inside["request_id"] == library["request_id"] == identity.request_id
    assert inside["trace_id"] == identity.trace_id
    assert "request_id" not in outside


@pytest.mark.parametrize("name", ["uvicorn", "uvicorn.error", "sqlalchemy.engine", "asyncio", "any.library"])
def test_other_peoples_loggers_write_the_same_lines(lines: Lines, name: str) -> None:
    logging.getLogger(name).warning("person %s", "850101300123")

    [line] = lines()
    assert (line["event"], line["logger"], line["service"]) == ("person [12 digits]", name, "registry")


@pytest.mark.parametrize("name", ["uvicorn.access", "httpx", "sqlalchemy.engine.Engine"])
def test_loggers_that_write_addresses_and_statements_are_silent(lines: Lines, name: str) -> None:
    logging.getLogger(name).info("GET http://registry/v1/people?iin=1")

    assert lines() == []


def test_uvicorn_keeps_no_handlers_of_its_own(lines: Lines) -> None:
    logging.getLogger("uvicorn").addHandler(logging.NullHandler())

    logs.configure("registry", stream=io.StringIO())

    assert logging.getLogger("uvicorn").handlers == []


def test_a_traceback_is_told_without_values(lines: Lines) -> None:
    try:
        raise ValueError("850101300123")
    except ValueError:
        structlog.get_logger().exception("failed")
        logging.getLogger("library").exception("failed too")
    structlog.get_logger().error("given", exc_info=KeyError("name"))

    own, library, given = lines()
    assert own["exception"][0]["type"] == library["exception"][0]["type"] == "builtins.ValueError"
    assert own["exception"][0]["message"] == library["exception"][0]["message"] == "[12 digits]"
    assert given["exception"][0]["type"] == "builtins.KeyError"
    assert "Traceback" not in json.dumps([own, library, given])


def test_calling_it_an_exception_where_there_is_none_breaks_nothing(lines: Lines) -> None:
    structlog.get_logger().error("odd", exc_info=True)

    assert lines()[0]["event"] == "odd"


def test_text_that_cannot_be_encoded_does_not_break_the_line(lines: Lines) -> None:
    structlog.get_logger().info("named", name="\ud800 Әйгерім", broken=["\udfff"])
    logging.getLogger("library").warning("\ud800")

    first, second = lines()
    assert first["name"] == "\\ud800 Әйгерім"
    assert second["event"] == "\\ud800"


def test_one_event_is_one_line_whatever_it_holds(lines: Lines) -> None:
    structlog.get_logger().info("two\nlines", forged='\n{"event": "forged"}')

    assert len(lines()) == 1


def test_standard_output_is_the_one_of_the_moment(capsys: pytest.CaptureFixture[str]) -> None:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    try:
        logs.configure("registry")
        logs.configure("training")
        structlog.get_logger().info("once")
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        structlog.reset_defaults()

    [line] = capsys.readouterr().out.splitlines()
    assert json.loads(line)["service"] == "training"


def test_a_handler_that_is_not_ours_stays(lines: Lines, caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("library").warning("seen by both")

    assert "seen by both" in caplog.text
    assert len(lines()) == 1


def test_less_serious_events_are_left_out(lines: Lines) -> None:
    structlog.get_logger().debug("detail")
    logging.getLogger("library").debug("detail")

    assert lines() == []


def test_lines_for_a_persons_eyes_are_redacted_too() -> None:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    try:
        logs.configure("registry", form="console", stream=stream)
        structlog.get_logger().info("person", who="850101300123")
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        structlog.reset_defaults()

    assert "850101300123" not in stream.getvalue()
    assert "person" in stream.getvalue()
