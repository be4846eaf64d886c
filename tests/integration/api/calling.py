"""A company with a person in its register, and another system that calls over the wire."""

import threading
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import httpx
import uvicorn
from django.test import override_settings

from trustdesk.accounts import api as accounts
from trustdesk.asgi import application
from trustdesk.isolation.api import scoped
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.ids import to_public
from trustdesk.mandates import api as mandates
from trustdesk.register import api as register
from trustdesk.register.contracts import CustomerKind, NewSource, NewValue, Notice, NoticeKind, SourceKind
from trustdesk.vault import api as vault

PERSON = "Aino Mäkelä"
PHONE = "+358401234567"
CONTRACT = "https://w3id.org/dpv/legal/eu/gdpr#A6-1-b"
SECRETS = (PERSON, "Mäkelä", "Aino", PHONE, "0401234567", "aino@example.com")
"""What must stand in no problem, no header and no log line."""


@dataclass(frozen=True)
class Company:
    controller_id: int
    mandate_id: int
    operator_id: int
    source_id: int
    customer_id: int

    @property
    def customer(self) -> str:
        return to_public(self.customer_id)

    @property
    def source(self) -> str:
        return to_public(self.source_id)

    def context(self, purpose: str = "service") -> AccessContext:
        return mandates.system_context(
            self.controller_id,
            purpose=purpose,
            now=clock.now(),
            on_behalf_of=self.operator_id,
            mandate_id=self.mandate_id,
        )

    def token(
        self,
        *operations: str,
        purposes: tuple[str, ...] = ("service",),
        now: datetime | None = None,
        life: timedelta = timedelta(days=1),
    ) -> mandates.NewToken:
        now = now or clock.now()
        return mandates.create_token(
            self.context("administration"),
            name=f"system {uuid.uuid4()}",
            operations=operations or sorted(accounts.OPERATIONS),
            purposes=purposes,
            ends_at=now + life,
            now=now,
        )


def found_company(name: str, country: str) -> Company:
    """Committed, with keys, catalog, a source and one customer."""
    past = clock.now() - timedelta(minutes=1)
    with override_settings(TRUSTDESK_DEMO=True):
        operator_id = accounts.provision_for_demo(
            email=f"{uuid.uuid4()}@example.test",
            name="Responsible Person",
            language="en",
            password="correct horse battery staple",
            totp_secret="",
            installation_roles=(),
            now=past,
        )
    view = mandates.create_controller(
        name=f"{name} {uuid.uuid4()}",
        country=country,
        languages=["en"],
        time_zone="Europe/Helsinki",
        by=None,
        now=past,
    )
    context = mandates.system_context(view.id, purpose="administration", now=clock.now(), on_behalf_of=operator_id)
    with scoped(context.scope):
        vault.provision_controller(context, now=clock.now())
        register.seed_catalog(context, now=clock.now())
    source_id = register.create_source(
        context,
        source=NewSource(kind=SourceKind.DIRECT, name="Telephone", legal_basis=CONTRACT),
        now=clock.now(),
    )
    service = mandates.system_context(view.id, purpose="service", now=clock.now(), on_behalf_of=operator_id)
    company = Company(view.id, context.mandate_id, operator_id, source_id, 0)
    return Company(view.id, context.mandate_id, operator_id, source_id, add_customer(company, context=service))


def add_customer(
    company: Company,
    *,
    context: AccessContext | None = None,
    name: str = PERSON,
    email: str = "aino@example.com",
) -> int:
    now = clock.now()
    return register.create_customer(
        context or company.context(),
        kind=CustomerKind.PERSON,
        values=[
            NewValue("name", name),
            NewValue("phone", PHONE),
            NewValue("email", email),
        ],
        source_id=company.source_id,
        notice=Notice(NoticeKind.ART13, "2026-1", now),
        now=now,
    )


def new_client() -> httpx.Client:
    """On loopback without TLS; loading the certificates would cost 50 ms a client."""
    return httpx.Client(timeout=30, trust_env=False, verify=False)  # noqa: S501


@dataclass
class Caller:
    """Another system with its token. Writes get a fresh idempotency key unless one is given."""

    base: str
    secret: str
    purpose: str = "service"
    client: httpx.Client = field(default_factory=new_client)

    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.secret}", "Trustdesk-Purpose": self.purpose}

    def get(self, path: str, **parameters: str | int) -> httpx.Response:
        return self.client.get(f"{self.base}{path}", headers=self.headers(), params=parameters)

    def delete(self, path: str, *, key: str | None = None) -> httpx.Response:
        sent = {**self.headers(), "Idempotency-Key": key or str(uuid.uuid4())}
        return self.client.delete(f"{self.base}{path}", headers=sent)

    def post(self, path: str, body: object, *, key: str | None = None, **headers: str) -> httpx.Response:
        sent = {**self.headers(), "Idempotency-Key": key or str(uuid.uuid4()), **_named(headers)}
        return self.client.post(f"{self.base}{path}", headers=sent, json=body)


def _named(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


@contextmanager
def serving() -> Iterator[str]:
    """The real application under uvicorn on loopback; its address."""
    server = uvicorn.Server(
        uvicorn.Config(application, host="127.0.0.1", port=0, log_config=None, lifespan="off", ws="none"),
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)
