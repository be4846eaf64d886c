"""What may only be stored (GDPR Art. 18(2)): heard by who may lift that, taken out for legal claims alone."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
from tests.clearing import declare_under
from tests.companies import NOW, Company
from tests.conversing import Call
from tests.integration.recordings.conftest import said
from tests.integration.recordings.test_following import erase, heard, recorded_call
from tests.recorded import AGENT_HZ, CALLER_HZ, THIRD_HZ, leg, recorded

from trustdesk.clearance import api as clearance
from trustdesk.clearance.contracts import NewRecipient, RecipientRole
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import RefusedError
from trustdesk.recordings import api as recordings
from trustdesk.recordings.contracts import CLAIMS, Ground, Outside, Purpose
from trustdesk.register import api as register
from trustdesk.register.contracts import RestrictionGround

OTHERS = sorted(set(Purpose) - CLAIMS - {Purpose.REQUEST})


@dataclass(frozen=True)
class Case:
    """A recorded call of somebody who is restricted."""

    one: Call
    customer_id: int

    @property
    def officer(self) -> AccessContext:
        return self.one.context

    @property
    def system(self) -> AccessContext:
        """Takes recordings out, and may lift nothing."""
        return replace(self.officer, operations=self.officer.operations - {"customer:lock"})

    def wav(self, context: AccessContext, purpose: str) -> bytes:
        call_id = recordings.of_conversation(self.officer, self.one.id)[0].call_id
        taken = recordings.export_wav(
            context, conversation_id=self.one.id, call_id=call_id, purpose=purpose, now=clock.now()
        )
        return b"".join(taken.pieces)

    def recipient(self) -> int:
        """Somebody outside who may be given recordings."""
        declare_under(self.officer, languages=("en",))
        recipient = NewRecipient(
            name="An insurer",
            role=RecipientRole.THIRD_PARTY,
            country="HU",
            purposes=["service"],
            categories=["pd:VoiceCommunicationRecording"],
        )
        return clearance.declare_recipient(self.officer, recipient=recipient, now=clock.now())

    def vcon(self, context: AccessContext, purpose: str) -> bytes:
        return recordings.export_vcon(context, conversation_id=self.one.id, purpose=purpose, now=clock.now()).encode()


Way = Callable[[Case, AccessContext, str], bytes]
WAYS: dict[str, Way] = {"wav": Case.wav, "vcon": Case.vcon}


@pytest.fixture
def case(house: Company) -> Case:
    anna = house.person(name="Anna")
    one = recorded_call(house)
    one.identify(anna)
    register.lock(one.context, customer_id=anna, ground=RestrictionGround.ACCURACY_CONTESTED, now=NOW)
    return Case(one, anna)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("purpose", OTHERS)
def test_nothing_leaves_for_anything_but_claims(case: Case, way: str, purpose: str) -> None:
    with pytest.raises(RefusedError) as refused:
        WAYS[way](case, case.officer, purpose)
    assert "Art. 18" in refused.value.message
    assert "legal claims only" in refused.value.mend
    assert said(case.officer, "recording.export") == []
    assert said(case.officer, "recording.exported") == []


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("purpose", [*sorted(CLAIMS), Purpose.REQUEST])
def test_for_claims_and_for_the_person_it_leaves_by_who_may_lift_it(case: Case, way: str, purpose: str) -> None:
    with pytest.raises(RefusedError):
        WAYS[way](case, case.system, purpose)
    assert said(case.officer, "recording.export") == []
    assert WAYS[way](case, case.officer, purpose)
    assert len(said(case.officer, "recording.exported")) == 1


def test_what_the_person_asks_for_goes_to_nobody_outside(case: Case) -> None:
    outside = Outside(recipient_id=case.recipient(), purpose="service")
    with pytest.raises(RefusedError) as refused:
        recordings.export_vcon(
            case.officer, conversation_id=case.one.id, purpose=Purpose.REQUEST, outside=outside, now=clock.now()
        )
    assert "Art. 18" in refused.value.message


@pytest.mark.parametrize("way", WAYS)
def test_lifted_it_leaves_as_before(case: Case, way: str) -> None:
    register.unlock(case.officer, customer_id=case.customer_id, now=NOW)
    assert WAYS[way](case, case.system, Purpose.QUALITY)


def test_a_listening_that_had_begun_ends_with_the_restriction(house: Company) -> None:
    anna, one = house.person(name="Anna"), recorded_call(house)
    one.identify(anna)
    case = Case(one, anna)
    listening = recordings.listen(case.system, conversation_id=one.id, purpose=Purpose.QUALITY, now=clock.now())
    register.lock(case.officer, customer_id=anna, ground=RestrictionGround.OBJECTION_PENDING, now=NOW)
    with pytest.raises(RefusedError):
        recordings.hear(
            case.system, listening_id=listening.listening_id, call_id=listening.calls[0].call_id, now=clock.now()
        )
    assert heard(one) == (CALLER_HZ, AGENT_HZ), "who may lift it hears: else nobody could find out whether it stands"


def test_one_restricted_voice_is_enough(house: Company) -> None:
    """In a conference of two customers: the other one's restriction counts for the whole file."""
    anna, bert, one = house.person(name="Anna"), house.person(name="Bert"), recorded_call(house)
    one.identify(anna)
    recorded(one.context, leg(one.id, leg="c", role="third", customer_id=bert), hertz=THIRD_HZ)
    case = Case(one, anna)
    assert case.wav(case.officer, Purpose.QUALITY)
    register.lock(case.officer, customer_id=bert, ground=RestrictionGround.UNLAWFUL_BUT_KEEP, now=NOW)
    with pytest.raises(RefusedError):
        case.wav(case.officer, Purpose.QUALITY)


def test_held_evidence_of_who_was_erased_is_only_stored_too(house: Company) -> None:
    anna, one = house.person(name="Anna"), recorded_call(house)
    one.identify(anna)
    case = Case(one, anna)
    recordings.hold(case.officer, conversation_id=one.id, ground=Ground.CLAIM, file_number="1", now=clock.now())
    erase(house, anna)
    with pytest.raises(RefusedError):
        case.wav(case.officer, Purpose.QUALITY)
    with pytest.raises(RefusedError):
        recordings.listen(case.system, conversation_id=one.id, purpose=Purpose.DISPUTE, now=clock.now())
    assert case.wav(case.officer, Purpose.DISPUTE)
