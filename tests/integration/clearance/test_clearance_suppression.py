"""Objections and the suppression list: obeyed on every path in, lifted by the person. Lists are stopped, not people."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from tests.clearing import DAY, LATER, consent, person, phone, verdict
from tests.companies import NOW, Company

from trustdesk.clearance.api import (
    decide,
    lift_objection,
    objections,
    record_objection,
    suppress,
    suppression_counts,
    unsuppress_by_act,
)
from trustdesk.clearance.contracts import (
    ALL_MARKETING,
    EVERYTHING,
    By,
    Evidence,
    Method,
    Point,
    PointKind,
    Scope,
    SuppressionReason,
)
from trustdesk.decision.contracts import Channel, Outcome, PurposeKind
from trustdesk.kernel import registries
from trustdesk.kernel.errors import BadInputError, RefusedError
from trustdesk.register.api import add_many, add_value, card, correct_value, create_source, merge
from trustdesk.register.contracts import (
    ConfirmedBy,
    CustomerKind,
    NewCustomer,
    NewSource,
    NewValue,
    SourceKind,
)

NUMBER = "+358 40 123 4567"
NOTATIONS = ["040 1234567", "0401234567", "+358401234567", "00358 40 123 4567", "(040) 123-45 67", "+358 (0)40 1234567"]
HAND = SuppressionReason.HAND


def row(*values: NewValue, **rest: object) -> NewCustomer:
    return NewCustomer(kind=CustomerKind.PERSON, values=values, **rest)  # type: ignore[arg-type]


def stop(company: Company, point: Point, scope: Scope = EVERYTHING) -> int:
    return suppress(company.context(), point=point, scope=scope, reason=HAND, now=NOW)


def admitted(company: Company, *values: NewValue, source_id: int | None = None) -> bool:
    rows = [row(NewValue("name", "Jussi"), *values)]
    result = add_many(company.context(), rows, source_id=source_id or company.imported, now=LATER)
    rejection = result.outcomes[0].rejection
    assert rejection is None or (rejection.code, rejection.source_of_law) == (
        "not-admitted",
        "GDPR Art. 21(3), 17(3)(b)",
    )
    return rejection is None


def source(company: Company, kind: SourceKind, basis: str) -> int:
    new = NewSource(
        kind=kind,
        name="List",
        legal_basis=basis,
        seller="Lists Ltd",
        acquired_date=NOW.date(),
        proof="contract 7",
    )
    return create_source(company.context(), source=new, now=NOW)


@pytest.mark.parametrize("notation", NOTATIONS)
def test_a_suppressed_number_stays_out_in_every_notation(north: Company, notation: str) -> None:
    stop(north, phone(NUMBER))
    assert not admitted(north, NewValue("phone", notation))
    assert admitted(north, NewValue("phone", "040 7654321"))


@pytest.mark.parametrize(
    ("point", "value"),
    [
        (Point(PointKind.EMAIL, "Anna@Example.COM"), NewValue("email", "anna@example.com")),
        (
            Point(PointKind.ADDRESS, "Mannerheimintie 5, 00100 Helsinki"),
            NewValue("address", "mannerheimintie 5\n00100 HELSINKI"),
        ),
        (Point(PointKind.HANDLE, "@anna_k"), NewValue("handle", "@Anna_K")),
    ],
    ids=["email", "address", "handle"],
)
def test_every_kind_of_point_can_be_suppressed(north: Company, point: Point, value: NewValue) -> None:
    assert admitted(north, value)
    stop(north, point)
    assert not admitted(north, value)


def test_what_cant_be_read_is_refused(north: Company) -> None:
    with pytest.raises(BadInputError):
        stop(north, phone("no number"))


def test_a_person_comes_by_an_own_act_and_is_left_in_peace_for_the_rest(north: Company) -> None:
    stop(north, phone(NUMBER))
    anna = person(north, phone=NUMBER)
    assert verdict(north, anna, Channel.CALL_HUMAN, purpose="service").outcome is not Outcome.PERMIT
    # Coming in the same instant does not outweigh it; coming later does, for the contract and for nothing else.
    consent(north, anna, Channel.SMS, at=LATER)
    assert verdict(north, anna, Channel.SMS, at=LATER + DAY).permitted
    refused = verdict(north, anna, Channel.MMS, at=LATER + DAY)
    assert "EU-SUPPRESSION" in {reason.rule_id for reason in refused.reasons}


def test_a_newer_contract_is_served(north: Company) -> None:
    suppress(north.context(), point=phone(NUMBER), scope=EVERYTHING, reason=HAND, now=NOW - DAY)
    anna = person(north, phone=NUMBER)
    served = verdict(north, anna, Channel.CALL_HUMAN, purpose="service")
    assert "EU-SUPPRESSION" not in {reason.rule_id for reason in served.reasons if reason.outcome is Outcome.DENY}
    assert verdict(north, anna, Channel.CALL_HUMAN).outcome is Outcome.DENY


def test_by_hand_from_a_list_is_from_a_list(north: Company) -> None:
    from trustdesk.register.api import create_customer  # noqa: PLC0415 - one test needs it

    stop(north, phone(NUMBER))
    with pytest.raises(RefusedError):
        create_customer(
            north.context(),
            kind=CustomerKind.PERSON,
            values=[NewValue("phone", NUMBER)],
            source_id=north.imported,
            notice=None,
            now=LATER,
        )


@pytest.mark.parametrize(
    ("kind", "basis", "scope", "comes_in"),
    [
        (SourceKind.IMPORT, "eu-gdpr:A6-1-b", ALL_MARKETING, True),  # a contract is served
        (SourceKind.IMPORT, "https://w3id.org/dpv/legal/eu/gdpr#A6-1-c", ALL_MARKETING, True),
        (SourceKind.IMPORT, "eu-gdpr:A6-1-f", ALL_MARKETING, False),
        (SourceKind.BOUGHT, "eu-gdpr:A6-1-b", ALL_MARKETING, False),
        (SourceKind.FEED, "eu-gdpr:A6-1-a", ALL_MARKETING, False),
        (SourceKind.FEED, "eu-gdpr:A6-1-b", EVERYTHING, False),
        (SourceKind.BOUGHT, "eu-gdpr:A6-1-f", Scope(channel=Channel.SMS), True),  # asked at each contact instead
        (SourceKind.BOUGHT, "eu-gdpr:A6-1-f", Scope(purpose="news"), True),
        (SourceKind.DIRECT, "eu-gdpr:A6-1-b", EVERYTHING, True),
    ],
)
def test_what_a_list_is_held_for_decides_whom_it_may_bring(
    north: Company,
    kind: SourceKind,
    basis: str,
    scope: Scope,
    comes_in: bool,  # noqa: FBT001
) -> None:
    stop(north, phone(NUMBER), scope)
    source_id = source(north, kind, basis)
    gate = registries.admission.get("clearance.suppression")
    asked = registries.Candidate("import", [("phone", "+358401234567")], source_id)
    assert gate.ask(north.context(), [asked])[0].admitted is comes_in


def test_the_gate_answers_for_all_at_once_in_their_order(north: Company) -> None:
    stop(north, phone(NUMBER))
    gate = registries.admission.get("clearance.suppression")
    asked = [
        registries.Candidate("import", values, north.imported)
        for values in ([], [("phone", "+358401234567")], [("phone", "+358407654321")], [("phone", "no number")])
    ]
    assert [answer.admitted for answer in gate.ask(north.context(), asked)] == [True, False, True, True]


def test_a_neighbors_list_is_its_own(north: Company, south: Company) -> None:
    stop(north, phone(NUMBER))
    assert admitted(south, NewValue("phone", NUMBER))


def test_merging_does_not_launder(north: Company) -> None:
    jussi = (
        add_many(north.context(), [row(NewValue("phone", NUMBER))], source_id=north.imported, now=NOW)
        .outcomes[0]
        .customer_id
    )
    anna = person(north, phone="040 7654321")
    assert jussi is not None
    stop(north, phone(NUMBER))
    with pytest.raises(RefusedError):
        merge(north.context(), into=anna, customer_id=jussi, reason="same", now=LATER)


def test_an_objection_is_obeyed_at_once_and_lifted_by_the_person(north: Company) -> None:
    anna = person(north, email="anna@example.com")
    consent(north, anna)
    record_objection(
        north.context(),
        customer_id=anna,
        scope=ALL_MARKETING,
        method=Method.REPLY,
        words="Stop it",
        now=LATER,
    )
    refused = verdict(north, anna, at=LATER)
    assert refused.outcome is Outcome.DENY
    assert "EU-GDPR-21-2" in {reason.rule_id for reason in refused.reasons if reason.outcome is Outcome.DENY}
    with pytest.raises(BadInputError):
        lift_objection(north.context(), customer_id=anna, scope=ALL_MARKETING, method=Method.REPLY, now=LATER + DAY)
    lift_objection(
        north.context(),
        customer_id=anna,
        scope=ALL_MARKETING,
        method=Method.PAPER_SCAN,
        reference="letter 9",
        now=LATER + DAY,
    )
    assert verdict(north, anna, at=LATER + DAY + DAY).permitted
    assert [objection.lifted for objection in objections(north.context(), anna)] == [True, False]


def test_a_narrow_lift_does_not_lift_the_rest(north: Company) -> None:
    anna = person(north, email="anna@example.com", phone="040 1234567")
    consent(north, anna, Channel.EMAIL)
    consent(north, anna, Channel.SMS)
    record_objection(north.context(), customer_id=anna, scope=ALL_MARKETING, method=Method.REPLY, now=LATER)
    lift_objection(
        north.context(),
        customer_id=anna,
        scope=Scope(kind=PurposeKind.MARKETING, channel=Channel.EMAIL),
        method=Method.REPLY,
        words="News by mail are fine",
        now=LATER + DAY,
    )
    assert verdict(north, anna, Channel.EMAIL, at=LATER).outcome is Outcome.DENY
    assert verdict(north, anna, Channel.EMAIL, at=LATER + 2 * DAY).permitted
    assert not verdict(north, anna, Channel.SMS, at=LATER + 2 * DAY).permitted


def test_a_newer_consent_of_the_person_is_respected_an_imported_one_is_not(north: Company) -> None:
    anna = person(north, email="anna@example.com")
    record_objection(north.context(), customer_id=anna, scope=ALL_MARKETING, method=Method.REPLY, now=NOW)
    said = Evidence(
        method=Method.IMPORT,
        by=By.PERSON,
        document_sha256=bytes(32),
        reference="old system",
        source_id=north.imported,
    )
    consent(north, anna, evidence=said, at=LATER)
    assert not verdict(north, anna, at=LATER + DAY).permitted
    consent(north, anna, at=LATER + DAY)
    assert verdict(north, anna, at=LATER + 2 * DAY).permitted


def test_a_persons_objection_suppresses_the_number_for_everybody_else_too(north: Company) -> None:
    anna = person(north, phone=NUMBER)
    record_objection(north.context(), customer_id=anna, scope=EVERYTHING, method=Method.TOLD_OPERATOR, now=LATER)
    bela = person(north, phone=NUMBER)
    assert verdict(north, bela, Channel.SMS, at=LATER + DAY).outcome is Outcome.DENY
    assert not admitted(north, NewValue("phone", NUMBER))
    assert ("phone", "refused_in_call", 1) in suppression_counts(north.context())
    stranger = decide(
        north.context(),
        customer_id=0,
        channel=Channel.SMS,
        purpose="news",
        point=phone("040 1234567", "FI"),
        now=LATER,
    )
    assert "EU-SUPPRESSION" in {reason.rule_id for reason in stranger.reasons}


def test_a_newer_number_of_the_same_person_is_covered_by_the_objection(north: Company) -> None:
    anna = person(north, email="anna@example.com")
    record_objection(north.context(), customer_id=anna, scope=ALL_MARKETING, method=Method.REPLY, now=NOW)
    value = add_value(
        north.context(),
        customer_id=anna,
        value=NewValue("email", "new@example.com"),
        source_id=north.direct,
        now=LATER,
    )
    refused = verdict(north, anna, value_id=value)
    assert {"EU-GDPR-21-2"} <= {reason.rule_id for reason in refused.reasons if reason.outcome is Outcome.DENY}


def test_only_current_points_count(north: Company) -> None:
    anna = person(north, email="old@example.com")
    consent(north, anna)
    stop(north, Point(PointKind.EMAIL, "old@example.com"))
    consent(north, anna, at=LATER)  # the person's newer act is about the person, whatever the address
    assert verdict(north, anna, at=LATER + DAY).permitted
    stop_again = replace(Point(PointKind.EMAIL, "old@example.com"))
    suppress(north.context(), point=stop_again, scope=EVERYTHING, reason=HAND, now=LATER + DAY)
    assert not verdict(north, anna, at=LATER + 2 * DAY).permitted
    old = next(value for value in card(north.context(), anna, now=NOW).values if value.attribute == "email")
    correct_value(
        north.context(),
        customer_id=anna,
        value_id=old.value_id,
        text="new@example.com",
        source_id=north.direct,
        by=ConfirmedBy.CUSTOMER,
        now=LATER,
    )
    assert verdict(north, anna, at=LATER + 2 * DAY).permitted


def test_a_suppression_is_lifted_by_an_act_that_is_on_record(north: Company) -> None:
    stop(north, phone(NUMBER))
    with pytest.raises(BadInputError):
        unsuppress_by_act(north.context(), point=phone(NUMBER), scope=EVERYTHING, reference=" ", now=LATER)
    assert not admitted(north, NewValue("phone", NUMBER))
    unsuppress_by_act(north.context(), point=phone(NUMBER), scope=EVERYTHING, reference="form 12", now=LATER)
    assert admitted(north, NewValue("phone", NUMBER))


@pytest.mark.parametrize(
    "act",
    [
        lambda company, context, anna: record_objection(
            context,
            customer_id=anna,
            scope=EVERYTHING,
            method=Method.REPLY,
            now=NOW,
        ),
        lambda company, context, anna: suppress(context, point=phone(NUMBER), scope=EVERYTHING, reason=HAND, now=NOW),
        lambda company, context, anna: unsuppress_by_act(
            context,
            point=phone(NUMBER),
            scope=EVERYTHING,
            reference="x",
            now=NOW,
        ),
    ],
)
def test_without_the_operation_nothing_is_recorded(
    north: Company,
    act: Callable[[Company, object, int], object],
) -> None:
    anna = person(north, phone=NUMBER)
    with pytest.raises(RefusedError):
        act(north, north.context("customer:open"), anna)
