"""Lists that others keep, and mail: every reader of the rules finds the same, and so does whoever asks one by one."""

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from pytest_django.plugin import DjangoDbBlocker
from tests.integration.screening import registers
from tests.integration.screening.conftest import OFFERS, Company, declare, make
from tests.world import World

from trustdesk.clearance import api as clearance
from trustdesk.clearance.contracts import ListFormat, NewOutsideList, PointKind
from trustdesk.decision.api import verdict_of_mask
from trustdesk.decision.contracts import Channel, Outcome, Verdict
from trustdesk.kernel import clock
from trustdesk.kernel.ids import new_id
from trustdesk.register import api as register
from trustdesk.register.contracts import CustomerKind, NewCustomer, NewValue
from trustdesk.screening import api as screening
from trustdesk.screening.contracts import Ask, CellKind, Engine, Layout
from trustdesk.screening.engines import snapshot

pytestmark = pytest.mark.slow  # engines are started

MAILS = Layout(columns={"Mail": CellKind.EMAIL})
ABOUT: dict[str, object] = {"sender_shown": True, "stop_offered": True, "labeled_advert": True}
PEOPLE = {
    "anna@example.at": "AT",
    "listed@example.at": "AT",
    "any@listed.example.at": "AT",
    "plain@example.pl": "PL",
    "plain@example.hu": "HU",
    "own@example.hu": "HU",
    "own-agreed@example.hu": "HU",
    "nowhere@example.com": "",
}
STRANGERS = ("stranger@example.com", "own-stranger@example.com")


@pytest.fixture
def mailing(world: World, tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[Company]:
    """On legitimate interests, with RTR's list and one of its own."""
    with django_db_blocker.unblock():
        company = make(f"Mailing {new_id()}", tmp_path, "AT")
        declare(company.context(), basis="eu-gdpr:A6-1-f")
        declare_list(company, "AT-ECG-LISTE", "AT", ListFormat.ECG_HASH)
        refresh(company, "AT-ECG-LISTE", ecg(tmp_path), days=1)
        declare_list(company, "own-robinson", "", ListFormat.VALUES)
        own = mails(company, "OWN@example.hu", "own-agreed@example.hu", "own-stranger@example.com")
        refresh(company, "own-robinson", own, days=1)
        yield company


def _sha1(text: str) -> bytes:
    return hashlib.sha1(text.encode(), usedforsecurity=False).digest()


def mails(company: Company, *addresses: str) -> Path:
    return company.write_csv([{"Mail": address} for address in addresses], f"{new_id()}.csv")


def ecg(folder: Path) -> Path:
    """As RTR hands it out: an address, and all of a domain."""
    path = folder / "ecg.hash"
    path.write_bytes(b"".join(sorted(map(_sha1, ("listed@example.at", "@listed.example.at")))))
    return path


def declare_list(company: Company, code: str, country: str, format_: ListFormat) -> None:
    new = NewOutsideList(code=code, name=code, country=country, kind=PointKind.EMAIL, format=format_)
    clearance.declare_outside_list(company.context(), outside=new, now=clock.now())


def refresh(company: Company, code: str, path: Path, *, days: int) -> None:
    now = clock.now()
    refreshed_at = now - timedelta(days=days)
    clearance.load_outside_list(company.context(), code=code, path=path, refreshed_at=refreshed_at, now=now)


def people(company: Company) -> dict[str, int]:
    rows = [
        NewCustomer(
            kind=CustomerKind.PERSON,
            values=[NewValue("name", address), NewValue("email", address)],
            country=country,
        )
        for address, country in PEOPLE.items()
    ]
    added = register.add_many(company.context(), rows, source_id=company.source_id, now=clock.now())
    found = {address: outcome.customer_id or 0 for address, outcome in zip(PEOPLE, added.outcomes, strict=True)}
    company.consent(found["own-agreed@example.hu"], channel=Channel.EMAIL)
    return found


def screened(company: Company, engine: Engine = Engine.POSTGRESQL) -> dict[str, tuple[Outcome, set[str]]]:
    """By address: the outcome, and the rules that spoke for it."""
    addresses = (*PEOPLE, *STRANGERS)
    path = company.write_csv([{"Mail": address} for address in addresses])
    ask = Ask(purpose=OFFERS, channel=Channel.EMAIL, engine=engine, about=ABOUT)
    done = screening.screen_file(company.context(), path=path, layout=MAILS, ask=ask, now=clock.now())
    verdicts = company.verdicts(done)
    return {address: (one.outcome, set(one.rule_ids)) for address, one in zip(addresses, verdicts, strict=True)}


def test_who_is_on_a_list_is_found_by_every_engine(mailing: Company) -> None:
    people(mailing)
    found = screened(mailing)
    # ECG § 7(2): the address itself, and whoever is at a listed domain.
    assert "AT-ECG-LISTE" not in found["anna@example.at"][1]
    for address in ("listed@example.at", "any@listed.example.at"):
        assert found[address][0] is Outcome.DENY
        assert "AT-ECG-LISTE" in found[address][1]
    for engine in (Engine.DUCKDB, Engine.SPARK):
        assert screened(mailing, engine) == found, engine


def test_a_list_of_ones_own_stops_whoever_did_not_agree(mailing: Company) -> None:
    """No rule asks for it: it is the company's own choice."""
    people(mailing)
    found = screened(mailing)
    for address in ("own@example.hu", "own-stranger@example.com"):
        assert found[address][0] is Outcome.DENY
        assert "EU-SUPPRESSION" in found[address][1]
    assert found["own-agreed@example.hu"][0] is Outcome.PERMIT
    assert "EU-SUPPRESSION" not in found["plain@example.hu"][1]


def test_a_stale_list_can_not_be_asked(mailing: Company) -> None:
    """That a refresh holds seven days is the product's own choice; then nobody knows who is on it."""
    people(mailing)
    assert all(one.current for one in question(mailing).lists)
    refresh(mailing, "AT-ECG-LISTE", ecg(mailing.folder), days=10)
    assert [one.current for one in question(mailing).lists if one.hashed] == [False]
    asked = question(mailing)
    live, read = masks(mailing, asked)
    assert live == read
    said = {
        reason.outcome
        for mask in live.values()
        for reason in verdict_of_mask(asked.program, mask).reasons
        if reason.rule_id == "AT-ECG-LISTE"
    }
    assert Outcome.UNDECIDED in said


def question(company: Company) -> clearance.SetQuestion:
    return registers.question(company, Channel.EMAIL, clock.now(), **ABOUT)


def masks(company: Company, asked: clearance.SetQuestion) -> tuple[registers.Masks, registers.Masks]:
    """By the database and by the Python reader."""
    screened(company)
    ((list_id,),) = company.ask("SELECT id FROM screening_list")
    live = registers.by_postgresql(company, asked, run_id=300, list_id=list_id)
    with snapshot.taken(company.context(), list_id) as copy:
        return live, registers.by_reader(copy.folder, asked)


def test_each_person_asked_alone_hears_the_same(mailing: Company) -> None:
    people(mailing)
    asked = question(mailing)
    live, read = masks(mailing, asked)
    assert live == read
    known = [key for key in live if key[3]]
    assert len(known) == len(PEOPLE)
    for key in known:
        verdict = clearance.decide(
            mailing.context(),
            customer_id=key[3],
            value_id=key[2],
            channel=Channel.EMAIL,
            purpose=OFFERS,
            now=asked.program.question.at,
            about=ABOUT,
        )
        found = verdict_of_mask(asked.program, live[key])
        assert verdict.outcome is found.outcome
        assert _spoke(verdict) == _spoke(found)


def _spoke(verdict: Verdict) -> set[tuple[str, Outcome]]:
    return {(reason.rule_id, reason.outcome) for reason in verdict.reasons}
