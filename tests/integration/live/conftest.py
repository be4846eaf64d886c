from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.urls import reverse
from pytest_django.plugin import DjangoDbBlocker
from tests.serving import served
from tests.surfaces import source, supervisor
from tests.world import World

from trustdesk.intake import api as intake
from trustdesk.intake.contracts import ColumnMapping, Target, Undeclared
from trustdesk.intake.models import Run
from trustdesk.isolation.api import scoped
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.ids import new_id
from trustdesk.register.contracts import SourceKind


@pytest.fixture(scope="session")
def address(world: World, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """Where the program answers."""
    with django_db_blocker.unblock(), served() as address:
        yield address


@dataclass(frozen=True)
class Import:
    """A run of the northern company that waits for a worker."""

    run_id: int
    context: AccessContext

    @property
    def stream(self) -> str:
        return reverse("console:import-live", args=[self.run_id])


@pytest.fixture
def waiting(committed: World) -> Import:
    context, now = supervisor(committed), clock.now()
    mapping = ColumnMapping(name=f"list {new_id()}", columns={"Name": Target("name")}, undeclared=Undeclared.DROP)
    run_id = new_id()
    with scoped(context.scope):
        Run.objects.create(
            controller_id=context.controller_id,
            id=run_id,
            file_sha256=run_id.to_bytes(32),
            file_size=1,
            file_modified_ns=1,
            file_kind="csv",
            mapping_id=intake.save_mapping(context, mapping=mapping, now=now),
            mapping_digest=mapping.digest,
            source_id=source(context, "Old system", SourceKind.IMPORT),
            dry_run=False,
            purpose=context.purpose,
            operator_id=context.operator_id,
            mandate_id=context.mandate_id,
            state="waiting",
            started_at=now - timedelta(minutes=1),
            updated_at=now,
        )
    return Import(run_id, context)
