"""A small world, committed once a run: two client companies, an outsourcer, and people with and without seats."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.test import override_settings

from trustdesk.accounts import api as accounts
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.mandates import api as mandates
from trustdesk.vault import api as vault

PASSWORD = "correct horse battery staple"
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
SESSION = "a session of the tests"


@dataclass(frozen=True)
class Person:
    """An operator, and the mandate under which each company was given a seat."""

    id: int
    email: str
    seats: Mapping[int, int]


@dataclass(frozen=True)
class World:
    """`north` is Finnish, `south` Hungarian; the outsourcer answers for both."""

    north: mandates.ControllerView
    south: mandates.ControllerView
    processor: int
    people: Mapping[str, Person]

    def __getattr__(self, name: str) -> Person:
        try:
            return self.people[name]
        except KeyError:
            raise AttributeError(name) from None

    def context(
        self,
        person: Person,
        controller: mandates.ControllerView,
        purpose: str = "service",
        *,
        session: str = SESSION,
    ) -> AccessContext:
        """The access context of one request."""
        return mandates.enter(
            person.id,
            session,
            controller_id=controller.id,
            mandate_id=person.seats[controller.id],
            purpose=purpose,
            now=clock.now(),
        )

    def system(self, controller: mandates.ControllerView, purpose: str = "records") -> AccessContext:
        """The access context of a job."""
        return mandates.system_context(controller.id, purpose=purpose, now=clock.now(), on_behalf_of=0)


def create_world() -> World:
    """Make it, committed. Mandates began an hour ago, so that a clock a little behind does not close them."""
    now = clock.now()
    north = mandates.create_controller(
        name="Pohjolan Sähkö",
        country="FI",
        languages=["fi", "en"],
        time_zone="Europe/Helsinki",
        by=None,
        now=now,
    )
    south = mandates.create_controller(
        name="Alföldi Víz",
        country="HU",
        languages=["hu", "en"],
        time_zone="Europe/Budapest",
        by=None,
        now=now,
    )
    processor = mandates.create_processor(name="Answering House", country="PL", by=None, now=now)
    under = {controller.id: _mandate(controller.id, processor) for controller in (north, south)}
    people = {
        name: _person(name, [(controller.id, under[controller.id], role) for controller, role in seats])
        for name, seats in {
            "agent_north": [(north, "agent")],
            "agent_south": [(south, "agent")],
            "agent_both": [(north, "agent"), (south, "agent")],
            "supervisor_north": [(north, "supervisor")],
            "officer_north": [(north, "officer")],
            "officer_south": [(south, "officer")],
            "client_north": [(north, "client")],
            "manager_north": [(north, "administrator")],
            "outsider": [],
        }.items()
    }
    people["admin"] = _person("admin", [], roles=("administrator",))
    people["second_admin"] = _person("second_admin", [], roles=("administrator",))
    world = World(north=north, south=south, processor=processor, people=people)
    for controller in (north, south):
        vault.provision_controller(world.system(controller), now=now)
    return world


def make_person(name: str, *, roles: tuple[str, ...] = (), with_factor: bool = True) -> Person:
    """One more operator, with password and (unless told otherwise) authenticator app, without a seat."""
    with override_settings(TRUSTDESK_DEMO=True):
        operator_id = accounts.provision_for_demo(
            email=f"{name}@example.test",
            name=name.replace("_", " ").title(),
            language="en",
            password=PASSWORD,
            totp_secret=TOTP_SECRET if with_factor else "",
            installation_roles=roles,
            now=clock.now(),
        )
    return Person(operator_id, f"{name}@example.test", {})


def _mandate(controller_id: int, processor: int) -> int:
    now = clock.now()
    return mandates.create_mandate(
        controller_id=controller_id,
        processor_id=processor,
        purposes=["service", "orders", "claims", "records"],
        categories=[mandates.EVERY_CATEGORY],
        operations=accounts.OPERATIONS,
        starts_at=now - timedelta(hours=1),
        ends_at=None,
        by=None,
        now=now,
    ).id


def _person(name: str, seats: list[tuple[int, int, str]], roles: tuple[str, ...] = ()) -> Person:
    person = make_person(name, roles=roles)
    now = clock.now()
    for controller_id, mandate_id, role in seats:
        mandates.give_seat(
            controller_id=controller_id,
            mandate_id=mandate_id,
            operator_id=person.id,
            role=role,
            purposes=["service", "orders", "claims", "records"],
            starts_at=now - timedelta(hours=1),
            ends_at=None,
            by=None,
            now=now,
        )
    held = {controller_id: mandate_id for controller_id, mandate_id, _role in seats}
    return Person(person.id, person.email, held)
