"""Who only speaks on the link does not load the arithmetic of sound."""

import subprocess
import sys

import pytest

from trustdesk.sipedge import api


def test_the_door_opens_without_numpy() -> None:
    asked = "import sys, trustdesk.sipedge.api; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", asked], check=False).returncode == 0


def test_every_name_is_behind_the_door() -> None:
    assert all(getattr(api, name) for name in api.__all__)
    with pytest.raises(AttributeError, match="nothing"):
        _ = api.nothing  # type: ignore[attr-defined]
