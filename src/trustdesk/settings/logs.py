"""Structured logs, one JSON object a line, that can't hold a person by construction.

A library's message is logged as the library wrote it in its source, without the arguments filled in; an exception as
its type and the lines of code it passed, without its text. Only our own events carry values: numbers, yes and no,
instants, and texts under the few names that stand for codes of ours.
"""

import logging
import re
import sys
import traceback
from collections.abc import MutableMapping
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Any

import structlog
from structlog.typing import Processor

from trustdesk.kernel.errors import TrustdeskError

# The names under which a text may be written, because they hold words of our own code, never what somebody typed.
CODE_NAMES = frozenset(
    {
        "code",
        "country",
        "kind",
        "method",
        "name_of_check",
        "outcome",
        "phase",
        "process",
        "purpose",
        "route",
        "run",
        "state",
        "task",
        "unit",
        "version",
        "what",
    }
)
_CODE = re.compile(r"[A-Za-z0-9_.:/<>-]{1,120}")
_SITE = "site-packages/"


def _plain(name: str, value: object) -> object:
    """A value that can't be personal, or the type of the hidden one."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.name.lower()
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str) and name in CODE_NAMES and _CODE.fullmatch(value):
        return value
    return f"<{type(value).__name__}>"


def only_plain_values(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:  # noqa: ANN401 - structlog's own signature
    """Keep the names of all values, and of the values those that can't be personal."""
    kept = {"event", "level", "logger", "timestamp", "exception", "_record", "_from_structlog"}
    return {name: value if name in kept else _plain(name, value) for name, value in event.items()}


def template_of(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:  # noqa: ANN401
    """A library's message as it stands in its source: the arguments are what could be personal."""
    record: logging.LogRecord | None = event.get("_record")
    if record is not None:
        event["event"] = record.msg if isinstance(record.msg, str) and record.args else _bare(str(record.msg))
        event.pop("positional_args", None)
    return event


def _bare(message: str) -> str:
    """A message without arguments may have been filled in already: keep its words, drop what stands in quotes."""
    return re.sub(r"'[^']*'|\"[^\"]*\"|\S*@\S*|\([^)]*\)|\d{4,}", "…", message)[:200]


def exception_without_text(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:  # noqa: ANN401
    """The type of an exception and its way through the code. Its text may quote a row: DETAIL lines do."""
    info = event.pop("exc_info", None)
    record: logging.LogRecord | None = event.get("_record")
    if info in (None, False) and record is not None:
        info = record.exc_info
    if info is True:
        info = sys.exc_info()
    fault = info[1] if isinstance(info, tuple) else info if isinstance(info, BaseException) else None
    event.pop("stack_info", None)
    if fault is None:
        return event
    frames = traceback.extract_tb(fault.__traceback__)
    event["exception"] = {
        "type": f"{type(fault).__module__}.{type(fault).__qualname__}",
        "code": fault.code if isinstance(fault, TrustdeskError) else getattr(fault, "sqlstate", None),
        "at": [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames[-12:]],
    }
    return event


def _short(filename: str) -> str:
    if _SITE in filename:
        return filename.rsplit(_SITE, maxsplit=1)[-1]
    return str(Path(*Path(filename).parts[-3:]))


_SHARED: list[Processor] = [
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def logging_settings(level: str) -> dict[str, Any]:
    """Django's LOGGING, and structlog set up to go the same way: to standard error, as JSON lines."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_SHARED,
            exception_without_text,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": [*_SHARED, template_of],
        "processors": [
            exception_without_text,
            only_plain_values,
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(),
        ],
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": formatter},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # Both would repeat what the root logs; Django's own handlers write unfiltered text and mail.
            "django": {"handlers": [], "level": level, "propagate": True},
            "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
            "uvicorn": {"handlers": [], "level": level, "propagate": True},
            # It announces every task of every process that loads the applications.
            "procrastinate.blueprints": {"level": "WARNING"},
            "procrastinate.periodic": {"level": "WARNING"},
            # It tells of every connection to a file server.
            "paramiko": {"level": "WARNING"},
            "uvicorn.access": {"handlers": [], "level": "CRITICAL", "propagate": False},
        },
    }
