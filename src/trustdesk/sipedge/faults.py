"""A fault that nobody expected, in the log: whatever handled it goes on."""

import traceback
from pathlib import Path

import structlog

_log = structlog.get_logger(__name__)


def log_fault(event: str, fault: BaseException) -> None:
    """Its type and its way through the code. Its text may quote a number."""
    frames = traceback.extract_tb(fault.__traceback__)[-6:]
    at = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames]
    _log.error(event, kind=type(fault).__name__, at=at)
