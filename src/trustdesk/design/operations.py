"""Operations in plain words; the code stands beside them."""

from django.utils.translation import gettext as _


def operation_label(code: str) -> str:
    """What it allows; a code without words is shown as it is."""
    labels = {
        "customer:search": _("Find customers"),
        "customer:open": _("Open customers"),
        "customer:create": _("Create customers"),
        "customer:correct": _("Add and correct values"),
        "customer:confirm": _("Confirm values"),
        "customer:note": _("Write notes"),
        "customer:merge": _("Show records as one, and apart"),
        "customer:lock": _("Restrict to storage"),
        "list:preview": _("Try lists"),
        "list:import": _("Import lists"),
        "log:read": _("Read the log"),
        "log:export": _("Take the log away"),
        "inventory:read": _("See what is held and why"),
        "seat:read": _("See the seats"),
        "health:read": _("See the health of the installation"),
    }
    return labels.get(code, code)
