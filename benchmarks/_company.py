"""A client company with keys and catalog, as the benches need it, and its customers as an import hands them over."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks._people import Person

if TYPE_CHECKING:
    from trustdesk.kernel.context import AccessContext
    from trustdesk.register.contracts import AddResult, NewCustomer


class Company:
    """Make it inside `_house.house`. Contexts are made anew for every chunk, as an import makes them."""

    def __init__(self, name: str, country: str) -> None:
        from trustdesk.mandates.api import create_controller  # noqa: PLC0415  # after django.setup()
        from trustdesk.register.api import create_source, seed_catalog  # noqa: PLC0415
        from trustdesk.register.contracts import NewSource, SourceKind  # noqa: PLC0415
        from trustdesk.vault.api import provision_controller  # noqa: PLC0415

        now = datetime.now(UTC)
        zone = "Europe/Helsinki"
        made = create_controller(name=name, country=country, languages=["en"], time_zone=zone, by=None, now=now)
        self.name, self.controller_id = name, made.id
        provision_controller(self.context(), now=now)
        seed_catalog(self.context(), now=now)
        source = NewSource(kind=SourceKind.IMPORT, name="bench", legal_basis="eu-gdpr:A6-1-b")
        self.source_id = create_source(self.context(), source=source, now=now)

    def context(self) -> "AccessContext":
        from trustdesk.mandates.api import system_context  # noqa: PLC0415

        return system_context(self.controller_id, purpose="service", now=datetime.now(UTC), on_behalf_of=0)

    def add(self, persons: Sequence[Person]) -> "AddResult":
        """One chunk, one transaction."""
        from trustdesk.register.api import add_many  # noqa: PLC0415

        rows = [customer(person) for person in persons]
        added = add_many(self.context(), rows, source_id=self.source_id, now=datetime.now(UTC))
        assert added.rejected == 0, next(each.rejection for each in added.outcomes if each.rejection)
        return added


def customer(person: Person) -> "NewCustomer":
    """All that is known of the person: seven values."""
    from trustdesk.register.contracts import CustomerKind, NewCustomer, NewValue  # noqa: PLC0415

    values = (
        NewValue("given_name", person.given),
        NewValue("family_name", person.family),
        NewValue("phone", person.phone, "mobile"),
        NewValue("email", person.email),
        NewValue("birth_date", person.born),
        NewValue("address", f"{person.street}, {person.town}"),
        NewValue("town", person.town),
    )
    return NewCustomer(kind=CustomerKind.PERSON, values=values)


def owner_runs(*statements: str) -> None:
    """What an installation does in the night (ANALYZE, VACUUM), and the peers' tables."""
    from django.db import connections  # noqa: PLC0415

    with connections["owner"].cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def resident_mb() -> float:
    """Resident memory of this process in MB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) / 1024
