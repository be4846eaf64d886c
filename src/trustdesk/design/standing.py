"""For whom and why the operator works now: kept in the session, asked again of `mandates` on every request."""

from dataclasses import asdict, dataclass

from django.http import HttpRequest

from trustdesk.design.purposes import purpose_label

_KEY = "trustdesk_standing"


@dataclass(frozen=True, slots=True)
class Standing:
    """The choice, with the words to show it. Nothing here grants anything."""

    controller_id: int
    mandate_id: int
    purpose: str
    controller: str
    country: str = ""
    time_zone: str = "UTC"

    @property
    def purpose_label(self) -> str:
        """In the reader's language, which may have changed since."""
        return purpose_label(self.purpose)


def standing_of(request: HttpRequest) -> Standing | None:
    kept = request.session.get(_KEY)
    return Standing(**kept) if kept else None


def take(request: HttpRequest, standing: Standing) -> None:
    request.session[_KEY] = asdict(standing)


def leave(request: HttpRequest) -> None:
    request.session.pop(_KEY, None)
