"""How the invented companies are called: queues, numbers, notices, who answers, and two phones to try it with.

The notices were rendered once by `scripts/demo_notices.py`: the demo needs no program that speaks.
"""

import json
import socket
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path

from trustdesk.announcements import api as announcements
from trustdesk.announcements.contracts import NewCallNotice
from trustdesk.clearance.api import packs
from trustdesk.decision.api import NoticeElement, recording_rule
from trustdesk.demo.companies import Company
from trustdesk.demo.people import SIGN_INS
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import ConflictError
from trustdesk.server.home import Home, write_private
from trustdesk.telephony import api as telephony
from trustdesk.telephony.contracts import Choice, EdgeSettings, NewMenu, NewNumber, NewQueue, NewTrunk, Reach

FOLDER = Path(__file__).with_name("notices")
NOTICE = "main"
HERE = "127.0.0.1"
_WEEK = [[(time(), time())]] * 7  # a demo is tried at any hour
_TRUNK = NewTrunk(name="This machine", addresses=["127.0.0.0/8"], target="sip:127.0.0.1:5080")
_PHONES = {"agent": "agent-1", "supervisor": "supervisor-1"}


@dataclass(frozen=True, slots=True)
class Reached:
    """How one company is called. `complaints` is the queue of people for complaints, first in the menu."""

    number: str
    language: str
    queues: Mapping[str, Mapping[str, str]]
    purposes: Mapping[str, str]
    calls: frozenset[str]
    complaints: str = ""


REACHED = {
    "FI": Reached(
        number="+358942420100",
        language="fi",
        queues={"service": {"fi": "Asiakaspalvelu", "en": "Customer service", "de": "Kundendienst"}},
        purposes={"fi": "Asiakaspalvelu", "en": "Customer service", "de": "Kundendienst"},
        calls=frozenset({"FI", "DE"}),
    ),
    "HU": Reached(
        number="+3662555010",
        language="hu",
        queues={
            "complaints": {"hu": "Panaszkezelés", "en": "Complaints", "pl": "Reklamacje"},
            "service": {"hu": "Ügyfélszolgálat", "en": "Customer service", "pl": "Obsługa klienta"},
        },
        purposes={"hu": "Ügyfélszolgálat", "en": "Customer service", "pl": "Obsługa klienta"},
        calls=frozenset({"HU", "PL"}),
        complaints="complaints",
    ),
}


def free_port() -> int:
    """5060, or the next even port that nothing else on this machine listens on."""
    for port in range(5060, 5160, 2):
        with socket.socket() as tcp, socket.socket(type=socket.SOCK_DGRAM) as udp, suppress(OSError):
            tcp.bind((HERE, port))
            udp.bind((HERE, port))
            return port
    raise ConflictError("No port for SIP is free.", place="5060-5158", mend="End another demo of this machine.")


def parts_of(company: Company, *, now: datetime) -> dict[NoticeElement, str]:
    """What the company's notice says."""
    rule = recording_rule(packs(), company.country, "general", now)
    return announcements.standard_parts(rule, REACHED[company.country].language, company.name)


def answer_calls(context: AccessContext, company: Company, operators: Mapping[str, int], *, now: datetime) -> None:
    """Everything that has to be there before a call is answered."""
    reached = REACHED[company.country]
    for code, names in reached.queues.items():
        queue = NewQueue(
            code=code,
            names=names,
            week=_WEEK,
            time_zone=company.time_zone,
            country=company.country,
            callback_offered=True,
        )
        telephony.save_queue(context, new=queue, now=now)
        for role in _PHONES:
            telephony.set_skill(context, operator_id=operators[role], queue=code, level=80, now=now)
    _save_notice(context, company, now=now)
    if reached.complaints:
        person = Choice(key="1", queue=reached.complaints, person=True)
        menu = NewMenu(code="main", choices=[person, Choice(key="2", queue="service")], otherwise="service")
        telephony.save_menu(context, new=menu, now=now)
    number = NewNumber(
        e164=reached.number,
        queue="service",
        language=reached.language,
        country=company.country,
        menu="main" if reached.complaints else "",
        notice=NOTICE,
        label=company.name,
        purposes=reached.purposes,
        display=company.name[:40],
    )
    telephony.save_number(context, new=number, now=now)
    telephony.set_reach(context, reach=Reach(countries=reached.calls), now=now)


def give_phones(home: Home, operators: Mapping[str, int], *, now: datetime) -> None:
    """Two SIP phones, whose passwords go to the sign-ins that `up` prints, and a trunk for whoever calls from here."""
    telephony.save_trunk(trunk_id=None, new=_TRUNK, by=None, now=now)
    port = free_port()
    telephony.set_edge(new=EdgeSettings(listen=[("udp", HERE, port), ("tcp", HERE, port)]), by=None, now=now)
    drawn = json.loads(home.secret(SIGN_INS))
    drawn["phones"], drawn["sip"] = {}, port
    for role, user in _PHONES.items():
        secret = telephony.add_phone(user=user, label="", operator_id=operators[role], by=None, now=now)
        drawn["phones"][user] = secret.password
    write_private(home.keys / SIGN_INS, json.dumps(drawn, indent=1).encode())


def _save_notice(context: AccessContext, company: Company, *, now: datetime) -> None:
    language, parts = REACHED[company.country].language, parts_of(company, now=now)
    notice = NewCallNotice(
        code=NOTICE,
        language=language,
        country=company.country,
        parts=parts,
        upload=(FOLDER / f"{language}.wav").read_bytes(),
        confirmed=frozenset(parts),
    )
    announcements.save_notice(context, new=notice, now=now)
