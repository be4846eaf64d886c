"""What outside holds of a customer: nothing. Who is looked for elsewhere is known while it is looked for."""

from trustdesk.kernel.registries import PrivacyDeclaration

_NOT_PERSONAL = {
    "outside_connector.*": "another system: where it is, its shape, how it stands",
    "outside_run.*": "how a try went: codes and counts, under a name that only whoever asked can make",
}

DECLARATION = PrivacyDeclaration(capability="outside", fields=(), not_personal=_NOT_PERSONAL, export=None, erase=None)
