"""Whether a home folder is the demo's: an installation with real people never becomes one."""

from trustdesk.kernel.errors import RefusedError
from trustdesk.server.home import Home
from trustdesk.settings.choices import Choices

LOADED = "demo-loaded"


def exists(home: Home) -> bool:
    """True where the demo was made here before. Raises RefusedError where something else was."""
    if not (home.keys / "django.key").exists():
        return False
    check_demo(home)
    return True


def check_demo(home: Home) -> None:
    """Raise RefusedError where real people are in this home."""
    if not Choices.read(home.path / "settings.toml").flag("demo"):
        raise RefusedError(
            "This home holds an installation, not the demo.",
            place=str(home.path),
            mend="Set TRUSTDESK_HOME to another folder for the demo, or leave --demo out.",
        )


def is_loaded(home: Home) -> bool:
    """True once everything invented is in; an interrupted start leaves it false and the next one begins anew."""
    return (home.data / LOADED).exists()


def mark_loaded(home: Home) -> None:
    """The last step of loading."""
    (home.data / LOADED).touch(mode=0o600)
