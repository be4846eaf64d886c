"""What every page knows: who looks, for whom and why, the parts of the house, and how it shall look."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, gettext_lazy, pgettext
from django.utils.translation import gettext as _

from trustdesk.design.standing import Standing, standing_of
from trustdesk.kernel.context import AccessContext

THEME_COOKIE = "trustdesk_theme"
KEYS_COOKIE = "trustdesk_keys"
THEMES = {"auto": gettext_lazy("As the device"), "light": gettext_lazy("Light"), "dark": gettext_lazy("Dark")}
KEYS = ("on", "off")

DESK_OPERATIONS = frozenset({"customer:search", "customer:create"})
WORK_OPERATIONS = frozenset({"customer:create", "customer:confirm"})  # who works with customers starts at the desk
CALLS_OPERATIONS = frozenset({"call:supervise"})
CONSOLE_OPERATIONS = frozenset(
    {
        "log:read",
        "inventory:read",
        "seat:read",
        "health:read",
        "list:preview",
        "list:import",
        "token:manage",
        "operator:invite",
        "operator:recover",
    }
)


@dataclass(frozen=True, slots=True)
class Place:
    """A part of the house in the bar above."""

    label: str
    address: str
    icon: str
    here: bool


@dataclass(frozen=True, slots=True)
class Surface:
    """The frame of a page."""

    theme: str
    themes: Sequence[tuple[str, str]]
    keys: str
    language: str
    languages: Sequence[tuple[str, str]]
    here: str
    home: str
    who: str
    standing: Standing | None
    places: Sequence[Place]
    account_address: str
    sign_out_address: str


def surface(request: HttpRequest) -> dict[str, object]:
    """Context processor: nothing is computed for fragments that don't ask."""
    return {"surface": SimpleLazyObject(lambda: surface_of(request))}


def surface_of(request: HttpRequest) -> Surface:
    """The frame for this request; also for one that failed before anyone signed in."""
    user = getattr(request, "user", None)
    signed_in = user is not None and user.is_authenticated
    standing = standing_of(request) if signed_in else None
    context: AccessContext | None = getattr(request, "access", None)
    return Surface(
        theme=theme_of(request),
        themes=[(code, str(name)) for code, name in THEMES.items()],
        keys=keys_of(request),
        language=get_language() or settings.LANGUAGE_CODE,
        languages=settings.LANGUAGES,
        here=request.path if request.method == "GET" else "/",
        home=first_page(context.operations) if context else "/",
        who=str(getattr(user, "name", "")) if signed_in else "",
        standing=standing,
        places=_places(request),
        account_address=address("mfa_index"),
        sign_out_address=address("account_logout"),
    )


def theme_of(request: HttpRequest) -> str:
    theme = request.COOKIES.get(THEME_COOKIE, "auto")
    return theme if theme in THEMES else "auto"


def keys_of(request: HttpRequest) -> str:
    return "off" if request.COOKIES.get(KEYS_COOKIE) == "off" else "on"


def address(name: str) -> str:
    """The address of a named page, or nothing where that surface is not mounted."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def first_page(operations: frozenset[str]) -> str:
    """Where someone with these operations starts: the desk, else the console."""
    part = "desk:start" if operations & WORK_OPERATIONS else "console:start"
    return address(part) or "/"


def _places(request: HttpRequest) -> list[Place]:
    context: AccessContext | None = getattr(request, "access", None)
    installation: frozenset[str] = getattr(request, "installation", frozenset())
    held = (context.operations if context else frozenset()) | installation
    wanted: list[tuple[str, str, str, str, frozenset[str]]] = [
        ("desk", _("Desk"), "desk:start", "person", DESK_OPERATIONS),
        ("desk/calls", pgettext("telephone", "Calls"), "desk:calls", "phone", CALLS_OPERATIONS),
        ("console", _("Console"), "console:start", "seal", CONSOLE_OPERATIONS),
    ]
    here = max((part for part, *_rest in wanted if request.path.startswith(f"/{part}/")), key=len, default="")
    return [
        Place(label, address(name), icon, part == here)
        for part, label, name, icon, operations in wanted
        if held & operations and address(name)
    ]
