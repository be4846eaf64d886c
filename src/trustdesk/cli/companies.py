"""Which company a command works for, and as whom."""

from typing import TYPE_CHECKING

from trustdesk.kernel import clock
from trustdesk.kernel.errors import NotFoundError

if TYPE_CHECKING:
    from trustdesk.kernel.context import AccessContext


def controller_of(said: str | None) -> int:
    """The company's number, by its number or exact name; where nothing is said, the only one there is."""
    from trustdesk.mandates.api import controllers  # noqa: PLC0415 - needs the settings

    found = [company.id for company in controllers() if said in {None, str(company.id), company.name}]
    if len(found) != 1:
        raise NotFoundError(
            "There is no such company, or more than one.",
            place="--controller",
            mend="Give its number or its exact name.",
        )
    return found[0]


def administering(controller_id: int) -> "AccessContext":
    """The context of the machine's own command line, on the company's own mandate."""
    from trustdesk.mandates.api import system_context  # noqa: PLC0415 - needs the settings

    return system_context(controller_id, purpose="administration", now=clock.now(), on_behalf_of=0)
