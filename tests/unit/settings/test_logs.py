"""Logs without personal data: by construction, whoever writes them."""

import io
import json
import logging
import logging.config
from collections.abc import Iterator

import pytest
import structlog

from trustdesk.kernel.errors import RefusedError
from trustdesk.settings.logs import logging_settings

NAME = "Zsófia Kőműves-Planted"
MAIL = "zsofia.planted@example.hu"


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What the program's own set-up writes, with pytest's handlers out of the way."""
    stream = io.StringIO()
    root = logging.getLogger()
    before = root.handlers[:], root.level
    settings = logging_settings("INFO")
    settings["handlers"]["stderr"]["stream"] = stream
    logging.config.dictConfig(settings)
    yield stream
    root.handlers[:], root.level = before


def lines(written: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in written.getvalue().splitlines()]


def test_our_own_events_carry_codes_and_numbers(written: io.StringIO) -> None:
    structlog.get_logger("trustdesk.test").info("list-read", rows=7, run="0123456789ABC", kind="csv", name=NAME)
    (line,) = lines(written)
    assert (line["event"], line["rows"], line["run"], line["kind"]) == ("list-read", 7, "0123456789ABC", "csv")
    assert line["name"] == "<str>"


@pytest.mark.parametrize("value", [NAME, "planted", MAIL, [NAME], {"name": NAME}, NAME.encode()])
def test_a_person_is_not_written(written: io.StringIO, value: object) -> None:
    structlog.get_logger("trustdesk.test").warning("something", value=value)
    logging.getLogger("library").warning("could not send to %s", value)
    logging.getLogger("library").warning(f"could not send to '{MAIL}'")  # noqa: G004 - some do
    assert "lanted" not in written.getvalue()


def test_an_exception_is_its_type_and_its_way(written: io.StringIO) -> None:
    try:
        raise RefusedError(f"no entry for {NAME}")  # noqa: TRY301 - what is logged is the point
    except RefusedError:
        logging.getLogger("library").exception("failed for %s", MAIL)
        structlog.get_logger("trustdesk.test").exception("failed", mail=MAIL)
    assert "lanted" not in written.getvalue()
    for line in lines(written):
        exception = line["exception"]
        assert isinstance(exception, dict)
        assert exception["code"] == "refused"
        assert "test_an_exception_is_its_type_and_its_way" in exception["at"][-1]


def test_requests_are_not_logged_with_their_queries(written: io.StringIO) -> None:
    logging.getLogger("uvicorn.access").info('"GET /search?q=%s"', NAME)
    logging.getLogger("django.request").warning("Not Found: %s", f"/search?q={NAME}")
    assert "lanted" not in written.getvalue()
    assert lines(written)[0]["event"] == "Not Found: %s"
