"""A feed of changes, as the invented companies have one: a move service, with one delivery that has come in."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from trustdesk.feeds import api as feeds
from trustdesk.feeds.contracts import Brake, NewFeed, Transport
from trustdesk.kernel.context import AccessContext
from trustdesk.mandates.api import feed_context
from trustdesk.register.api import add_many, count_freshness, create_source
from trustdesk.register.contracts import CustomerKind, NewCustomer, NewSource, SourceKind
from trustdesk.updates.api import look_for_duplicates
from trustdesk.updates.contracts import ChangeKind

_COLUMNS = ("number", "since", "family", "given", "born", "old", "new")
_READING: Mapping[str, object] = {
    "kind": "move",
    "columns": {
        "number": "position",
        "since": "as_of",
        "family": "person:family_name",
        "given": "person:given_name",
        "born": "person:birth_date",
        "old": "person:address",
        "new": "becomes:address",
    },
}
_NAMES = {"FI": "Muuttopalvelu", "HU": "Címváltozás-szolgálat"}
_TOWNS = {"FI": "Kotikatu {number}, 00100 Helsinki", "HU": "1011 Budapest, Fő utca {number}."}
_MOVED, _EVERY = 12, 23
_UNBORN = 4  # of every so many the service does not know the day of birth: somebody has to look
_TWICE = (50, 90)
_NIGHT = 10_000
_NEEDED = ("given_name", "family_name", "birth_date", "address")


def bring(context: AccessContext, country: str, rows: Sequence[NewCustomer], *, now: datetime) -> None:
    """Declare the feed and give it a delivery, which the worker applies: some customers moved, and two records that
    nobody can read.
    """
    source = NewSource(kind=SourceKind.FEED, name=_NAMES[country], legal_basis="eu-gdpr:A6-1-f")
    source_id = create_source(context, source=source, now=now)
    new = NewFeed(
        name=_NAMES[country],
        transport=Transport.UPLOAD,
        setup={},
        format="csv",
        reading=_READING,
        source_id=source_id,
        country=country,
        kinds=frozenset({ChangeKind.MOVE}),
        brake=Brake(),
    )
    feed_id = feeds.save_feed(context, feed_id=None, new=new, now=now)
    feeds.receive(context, feed_id=feed_id, pieces=[_table(country, rows, now=now)], now=now)


def stand_twice(context: AccessContext, rows: Sequence[NewCustomer], *, source_id: int, now: datetime) -> None:
    """Some who came a second time, by another number; then what a night would do: look for them, and count."""
    people = [row for row in rows if row.kind is CustomerKind.PERSON]
    again = [
        replace(
            people[place],
            values=[
                replace(value, text=f"{value.text}-2") if value.attribute == "customer_number" else value
                for value in people[place].values
            ],
        )
        for place in _TWICE
    ]
    add_many(context, again, source_id=source_id, now=now)
    look_for_duplicates(feed_context(context.controller_id, now=now), after=0, limit=_NIGHT, now=now)
    count_freshness(context, now=now)


def _table(country: str, rows: Sequence[NewCustomer], *, now: datetime) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(_COLUMNS)
    number = 0
    for row in rows[::_EVERY]:
        said = {value.attribute: value.text for value in row.values}
        if row.kind is not CustomerKind.PERSON or row.country != country or not all(said.get(one) for one in _NEEDED):
            continue
        number += 1
        since = (now - timedelta(hours=number)).isoformat()
        born = said["birth_date"] if number % _UNBORN else ""
        known = [said["family_name"], said["given_name"], born, said["address"]]
        writer.writerow([number, since, *known, _TOWNS[country].format(number=number)])
        if number == _MOVED:
            break
    writer.writerow([number + 1, "", "", "", "", "", ""])
    writer.writerow([number + 2, "soon", "", "", "", "", ""])
    return text.getvalue().encode()
