"""Where verdicts are computed: one expression, three engines."""

import importlib.util
import os
import shutil
from pathlib import Path

from django.utils.translation import gettext as _

from trustdesk.kernel.errors import TrustdeskError
from trustdesk.screening.contracts import Engine


class EngineMissingError(TrustdeskError):
    """What the engine needs is not on this machine."""

    code = "engine-missing"
    status = 501


def check(engine: Engine) -> None:
    """Raise EngineMissingError where it can't run here. Nothing is started."""
    if engine is not Engine.SPARK:
        return
    if importlib.util.find_spec("pyspark") is None:
        raise EngineMissingError(
            _("Spark is not installed."), place="pyspark", mend=_("Run `make spark`, or install `trustdesk[spark]`.")
        )
    named = os.environ.get("JAVA_HOME")
    java = Path(named) / "bin" / "java" if named else shutil.which("java")
    if java is None or not Path(java).exists():
        raise EngineMissingError(
            _("Spark needs Java, and there is none."),
            place="java",
            mend=_("Run `apt-get install default-jre-headless`, or set JAVA_HOME."),
        )
