"""What bounds a contact beside the rules, each under its source: lists of others, attempts, proof, age, absences."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.decisions import AT, STRANGER, WILLING, ask, packs, question, told

from trustdesk.decision import api
from trustdesk.decision.contracts import Binding, Channel, Outcome, Place, Policy, PurposeKind

CALL, EMAIL, POST, SMS = Channel.CALL_HUMAN, Channel.EMAIL, Channel.POST, Channel.SMS
OBSERVING = api.parse_policy(
    "as_of: 2026-11-22\nobserves: [FI-PUHELIN-ROBINSON, FI-POSTI-ROBINSON, PL-LISTA-ROBINSONOW, DE-DDV-ROBINSON]\n",
    packs(),
)
ADOPTING = api.parse_policy("as_of: 2026-11-22\nadopts: [DE-ATTEMPTS-CODE, DE-HOURS-CODE]\n", packs())

LISTS = [
    ("HU-DIRECTORY-FLAG", "Eht 160§(4)b", CALL, False, "statute", None),
    ("HU-NYTV-2-1", "Nytv 2§(1)", POST, False, "statute", None),
    ("FI-PUHELIN-ROBINSON", "ASML: Puhelin-Robinson", CALL, True, "code", 31),
    ("FI-POSTI-ROBINSON", "ASML: Posti-Robinson", POST, True, "code", 31),
    ("FI-DVV-BAN", "DVV", POST, False, "statute", None),
    ("FI-TRAFICOM-BAN", "Traficom", POST, False, "statute", None),
    ("PL-LISTA-ROBINSONOW", "SMB: Lista Robinsonów", SMS, True, "code", 31),
    ("DE-DDV-ROBINSON", "DDV-Ehrenkodex", POST, True, "code", 31),
    ("AT-ECG-LISTE", "ECG §7(2)", EMAIL, True, "statute", 7),
    ("AT-ROBINSON", "GewO §151", POST, True, "statute", 31),
]


@pytest.mark.parametrize("row", LISTS, ids=[f"{row[0]}: {row[1]}" for row in LISTS])
def test_an_outside_list_counts_by_statute_or_where_it_is_observed(
    row: tuple[str, str, Channel, bool, str, int | None],
) -> None:
    list_id, _, channel, loadable, binding, days = row
    country = list_id[:2]
    found = {rule.id: rule for rule in packs().by_jurisdiction[country].outside_lists}[list_id]
    assert (found.loadable, found.binding) == (loadable, Binding(binding))
    assert found.refresh_holds == (timedelta(days=days) if days else None)

    def counts(policy: Policy) -> bool:
        lists = api.outside_lists(packs(), policy, countries={country}, channel=channel, at=AT)
        return list_id in {rule.id for rule in lists}

    assert counts(api.NO_POLICY) is (loadable and binding == "statute")
    assert counts(OBSERVING) is loadable


def test_every_list_has_its_line_here() -> None:
    assert {row[0] for row in LISTS} == {
        rule.id for pack in packs().by_jurisdiction.values() for rule in pack.outside_lists
    }


def test_the_entry_in_the_finnish_list_holds_three_years() -> None:
    robinson = next(rule for rule in packs().by_jurisdiction["FI"].outside_lists if rule.id == "FI-PUHELIN-ROBINSON")
    assert robinson.entry_holds_years == 3


CUSTOMER = WILLING | {"consent": "none", "country": "AT", "point_country": None}


@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        ({}, Outcome.PERMIT),
        ({"listed": True}, Outcome.DENY),
        ({"list_current": False}, Outcome.UNDECIDED),
        ({"list_current": None}, Outcome.UNDECIDED),
        ({"listed": None}, Outcome.UNDECIDED),
        ({"listed": True, "list_current": False}, Outcome.DENY),
        ({"listed": True, "consent": "given"}, Outcome.PERMIT),
    ],
    ids=["not listed", "listed", "stale", "refresh unknown", "listing unknown", "listed, stale", "listed, consented"],
)
def test_ecg_7_2_the_list_binds_who_has_no_consent(facts: dict[str, object], outcome: Outcome) -> None:
    verdict = ask(question(EMAIL), CUSTOMER | facts)
    assert verdict.outcome is outcome
    if outcome is not Outcome.PERMIT:
        assert "AT-ECG-LISTE" in told(verdict, outcome)
        reason = next(reason for reason in verdict.reasons if reason.rule_id == "AT-ECG-LISTE")
        assert reason.message % reason.parameters
        assert "ECG-Liste" in reason.parameters["list"]


def test_a_voluntary_list_stops_where_the_tenant_observes_it() -> None:
    finn = STRANGER | {"country": "FI", "point_country": "FI", "listed": True}
    assert ask(question(CALL), finn).outcome is Outcome.PERMIT
    assert told(ask(question(CALL), finn, OBSERVING), Outcome.DENY) == {"FI-PUHELIN-ROBINSON"}


ATTEMPTS = [
    ({"attempts_today": 1, "attempts_week": 5, "attempts_campaign": 14}, Outcome.PERMIT),
    ({"attempts_today": 2}, Outcome.DENY),
    ({"attempts_week": 6}, Outcome.DENY),
    ({"attempts_campaign": 15}, Outcome.DENY),
    ({"attempts_today": None}, Outcome.UNDECIDED),
]


@pytest.mark.parametrize(("facts", "outcome"), ATTEMPTS, ids=["below", "day", "week", "campaign", "unknown"])
def test_product_default_attempts(facts: dict[str, object], outcome: Outcome) -> None:
    assert ask(question(CALL, contact=True), WILLING | facts).outcome is outcome
    planned = ask(question(CALL), WILLING | facts)
    assert planned.outcome is Outcome.PERMIT, "attempts count at the moment of contact"


def limits(policy: Policy, channel: Channel = CALL, country: str = "DE") -> tuple[object, ...] | None:
    place = Place(frozenset({country}))
    found = api.attempt_limits(packs(), policy, place=place, channel=channel, purpose_kind=PurposeKind.MARKETING, at=AT)
    return (found.per_day, found.per_week, found.per_campaign, found.ring_seconds) if found else None


def test_branchenkodex_attempts_bind_who_adopts_the_code() -> None:
    """CCV/DDV Branchenkodex (2015): 3 a day, 15 a week, 30 a campaign, 15 to 40 seconds; the product's are stricter."""
    code = next(found for found in packs().by_jurisdiction["DE"].attempts if found.id == "DE-ATTEMPTS-CODE")
    assert (code.per_day, code.per_week, code.per_campaign, code.ring_seconds) == (3, 15, 30, (15, 40))
    assert code.binding is Binding.CODE
    assert limits(api.NO_POLICY) == limits(ADOPTING) == (2, 6, 15, (15, 40))
    assert limits(api.NO_POLICY, EMAIL) is None
    stricter = api.parse_policy(
        "as_of: 2026-11-22\nattempts:\n- {id: ACME-ONE, jurisdiction: DE, channels: [call_human], per_day: 1}\n",
        packs(),
    )
    assert limits(stricter) == (1, 6, 15, (15, 40))
    assert limits(stricter, country="AT") == (2, 6, 15, (15, 40))


@pytest.mark.parametrize(
    ("inside", "outcome"),
    [(True, Outcome.PERMIT), (False, Outcome.DENY), (None, Outcome.UNDECIDED)],
)
def test_hours_count_at_the_moment_of_contact(inside: bool | None, outcome: Outcome) -> None:  # noqa: FBT001
    assert ask(question(CALL, contact=True), WILLING | {"inside_window": inside}).outcome is outcome
    assert ask(question(CALL), WILLING | {"inside_window": inside}).outcome is Outcome.PERMIT
    assert ask(question(EMAIL, contact=True), WILLING | {"inside_window": inside}).outcome is Outcome.PERMIT


DAY = datetime(2026, 2, 28, 12, tzinfo=UTC)
LEAP_DAY = datetime(2028, 2, 29, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("countries", "granted_at", "used_at", "ended_at", "until"),
    [
        ({"DE"}, DAY, None, DAY, datetime(2031, 2, 28, 12, tzinfo=UTC)),
        ({"DE"}, DAY, LEAP_DAY, LEAP_DAY, datetime(2033, 3, 1, 12, tzinfo=UTC)),
        ({"DE"}, DAY, LEAP_DAY, None, None),
        ({"FI"}, DAY, None, DAY, None),
        ({"HU"}, DAY, DAY, LEAP_DAY, datetime(2033, 3, 1, 12, tzinfo=UTC)),
        ({"HU", "DE"}, DAY, None, DAY, datetime(2031, 2, 28, 12, tzinfo=UTC)),
        ({"XX"}, DAY, None, DAY, None),
    ],
    ids=[
        "UWG §7a(2): from the grant",
        "UWG §7a(2): from each use, leap day",
        "UWG §7a(2): still relied on",
        "FI: none fixed",
        "Ptk 6:22: from the withdrawal",
        "the longer of two",
        "unknown country",
    ],
)
def test_how_long_the_proof_of_a_consent_is_kept(
    countries: set[str],
    granted_at: datetime,
    used_at: datetime | None,
    ended_at: datetime | None,
    until: datetime | None,
) -> None:
    found = api.evidence_until(
        packs(),
        countries=countries,
        channel=CALL,
        granted_at=granted_at,
        last_used_at=used_at,
        ended_at=ended_at,
    )
    assert found == until


@pytest.mark.parametrize(
    ("country", "years"),
    [("HU", 16), ("PL", 16), ("DE", 16), ("FI", 13), ("AT", 14), ("XX", 16)],
    ids=["HU: GDPR art 8(1)", "PL: art 8(1)", "DE: art 8(1)", "FI: Tietosuojalaki 5§", "AT: DSG §4(4)", "EU: art 8(1)"],
)
def test_the_age_of_consent(country: str, years: int) -> None:
    assert api.consent_age(packs(), {country}, AT) == years
    assert api.consent_age(packs(), {country, "HU"}, AT) == 16, "the strictest of the countries that count"


ABSENCES = [
    ("EU-EVIDENCE-NONE", "GDPR art 7(1), 5(2)", "evidence_retention"),
    ("HU-HOURS-NONE", "HU calling hours: none found", "calling_hours"),
    ("HU-LIST-NONE", "Grt 6§(3)-(4); 1995:CXIX", "outside_list"),
    ("HU-EVIDENCE-NONE", "Ptk 6:22", "evidence_retention"),
    ("FI-HOURS-NONE", "FI calling hours: none statutory", "calling_hours"),
    ("FI-EVIDENCE-NONE", "Tietosuojalaki 24§", "evidence_retention"),
    ("PL-CLI-NONE", "PKE 397", "caller_id"),
    ("PL-HOURS-NONE", "PL calling hours: none found", "calling_hours"),
    ("PL-EVIDENCE-NONE", "PKE art 400, GDPR 7(1)", "evidence_retention"),
    ("DE-HOURS-NONE", "DE calling hours: none statutory", "calling_hours"),
    ("DE-LIST-NONE", "DE list: none statutory", "outside_list"),
]


@pytest.mark.parametrize("row", ABSENCES, ids=[f"{row[0]}: {row[1]}" for row in ABSENCES])
def test_what_was_not_found_is_said(row: tuple[str, str, str]) -> None:
    found = {absence.id: absence for absence in packs().by_jurisdiction[row[0][:2]].absences}[row[0]]
    assert found.subject == row[2]
    assert found.text


def test_every_absence_has_its_line_here() -> None:
    assert {row[0] for row in ABSENCES} == {
        absence.id for pack in packs().by_jurisdiction.values() for absence in pack.absences
    }


def test_penalties_of_calls_without_consent_are_on_record() -> None:
    """UWG §20(1), PKE 446(5), TKG 2021 §188."""
    rules = {rule.id: rule for pack in packs().by_jurisdiction.values() for rule in pack.rules}
    assert "300,000" in rules["DE-UWG-7-2-1-CONSUMER"].penalty
    assert "1,000,000" in rules["PL-PKE-398-1"].penalty
    assert "100,000" in rules["AT-TKG-174-1"].penalty


def test_nobody_attested_anything_yet() -> None:
    """No entry claims a lawyer's name; each has its day, its source and how sure it is."""
    for pack in packs().by_jurisdiction.values():
        for entry in pack.entries():
            assert entry.attested_by == ""
            assert entry.as_of.year == 2026
            assert entry.statute.source_key in pack.sources, entry.id
