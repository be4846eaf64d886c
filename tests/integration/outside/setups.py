"""Declarations of other systems as an administrator would write them, and the people of these tests."""

from datetime import UTC, datetime
from typing import Any

from tests.companies import Company
from tests.integration.outside.databases import HOST, PASSWORD, PORT, USER

from trustdesk.outside import api as outside
from trustdesk.outside.contracts import Kind, NewConnector, Person

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
JANOS = {"name": "Kovács János", "email": "janos.kovacs@example.hu", "phone": "+36301234567"}
PERSON = Person(
    customer_id=1,
    known={
        "name": ["Kovács János"],
        "email": ["janos.kovacs@example.hu"],
        "phone": ["+36301234567"],
        "customer_number": ["K-1001"],
    },
    former={"email": ["jani@old.example.hu"], "phone": ["+36709876543"]},
)
CUSTOMERS: dict[str, Any] = {
    "name": "customers",
    "identified": {"email": "email", "phone": "phone", "number": "customer_number", "full_name": "name"},
    "personal": {"full_name": "name", "email": "email", "phone": "phone", "remark": ""},
}


def sql(database: str, *tables: dict[str, Any], user: str = USER) -> dict[str, Any]:
    return {
        "host": HOST,
        "port": PORT,
        "database": database,
        "user": user,
        "tls": False,
        "tables": list(tables or [CUSTOMERS]),
    }


def connect(company: Company, kind: Kind, setup: dict[str, Any], secret: str = PASSWORD, name: str = "Shop") -> int:
    new = NewConnector(name=name, kind=kind, setup=setup, secret=secret)
    return outside.save_connector(company.context(), connector_id=None, new=new, now=NOW)


def known(company: Company, **texts: str) -> Person:
    """A customer of the company, as connectors are told of them."""
    return outside.person_of(company.context(), customer_id=company.person(**{**JANOS, **texts}))
