"""Other people's data are blacked out: household, namesakes, staff, third parties of a call (GDPR Art. 15(4))."""

from dataclasses import replace

from tests.integration.copies.copying import Opened, made, opened, person
from tests.integration.delivery.posting import Company
from tests.recorded import AGENT_HZ, CALLER_HZ, THIRD_HZ, leg, loudest, recorded, sides
from tests.world import make_person

from trustdesk.conversations import api as conversing
from trustdesk.conversations.contracts import Direction, How, Kind, NewConversation, NewInteraction
from trustdesk.copies.contracts import Kind as CopyKind
from trustdesk.copies.masking import BLACK
from trustdesk.kernel import clock
from trustdesk.kernel.ids import new_id, to_public
from trustdesk.recordings import api as recordings
from trustdesk.recordings.contracts import vcon_audio
from trustdesk.register import api as register

HOME = "+358409990001"


def copy_of(company: Company, customer_id: int) -> Opened:
    return opened(company, made(company, customer_id).copy_id)


def talk(company: Company, customer_id: int, *notes: str, party: str = HOME) -> int:
    context, now = company.context(), clock.now()
    new = NewConversation(channel=Kind.CALL, queue="service", language="en")
    talked = conversing.open_conversation(context, new=new, now=now)
    one = NewInteraction(kind=Kind.CALL, direction=Direction.IN, party=party, started_at=now)
    conversing.begin_interaction(context, conversation_id=talked.conversation_id, new=one, now=now)
    conversing.identify(
        context, conversation_id=talked.conversation_id, customer_id=customer_id, how=How.QUESTIONS, now=now
    )
    for note in notes:
        conversing.add_note(context, conversation_id=talked.conversation_id, text=note, now=now)
    return talked.conversation_id


def test_a_household_is_not_shown_to_each_other(company: Company) -> None:
    aino = person(company, given_name="Aino", family_name="Virtanen", phone=HOME, email="aino.v@example.com")
    eero = person(company, given_name="Eero", family_name="Virtanen", phone=HOME, email="eero.v@example.com")
    register.add_note(
        company.context(),
        customer_id=aino,
        text="Eeron lasku, soita Ainolle. Eero Virtanen eero.v@example.com, 040 999 0002.",
        now=clock.now(),
    )
    register.add_note(company.context(), customer_id=eero, text="Aino Virtanen said he moved.", now=clock.now())
    hers, his = copy_of(company, aino), copy_of(company, eero)
    (note,) = hers.rows("note")
    assert note["text"] == f"{BLACK} lasku, soita Ainolle. {BLACK} Virtanen {BLACK}, {BLACK}."
    (note,) = his.rows("note")
    assert note["text"] == f"{BLACK} Virtanen said he moved."
    for copy, other in ((hers, ("Eero", "eero.v", to_public(eero))), (his, ("Aino", "aino.v", to_public(aino)))):
        for words in other:
            assert words not in copy.everything()
    assert hers.told["blacked_out"] == 4


def test_namesakes_see_nothing_of_each_other(company: Company) -> None:
    one = person(company, name="Matti Korhonen", birth_date="1950-01-01", email="one@example.com")
    two = person(company, name="Matti Korhonen", birth_date="1990-12-31", email="two@example.com")
    talk(company, two, "Matti Korhonen wants paper bills.")
    first, second = copy_of(company, one), copy_of(company, two)
    for told in ("1990-12-31", "two@example.com", "paper bills", to_public(two)):
        assert told not in first.everything()
    assert "Matti Korhonen wants paper bills." in second.everything()


def test_staff_is_not_named(company: Company) -> None:
    make_person(f"hilkka_pulliainen_{new_id()}")
    aino = person(company, name="Aino Mäkelä")
    talk(company, aino, "Hilkka Pulliainen promised it; ask Pulliaiselta.")
    copy = copy_of(company, aino)
    assert "Hilkka" not in copy.everything()
    assert "Pullia" not in copy.everything()


def test_the_number_of_somebody_else_in_the_call_is_blacked_out(company: Company) -> None:
    aino = person(company, name="Aino Mäkelä", phone="+358401234999")
    talk(company, aino, party="+358401234999")
    talk(company, aino, party="+358509876543")
    copy = copy_of(company, aino)
    assert sorted(row["text"] for row in copy.rows("conversation-party")) == ["+358401234999", BLACK]
    assert "9876543" not in copy.everything()


def test_a_conversation_of_two_customers_is_whose_it_is_and_each_has_the_own_voice(company: Company) -> None:
    aino = person(company, name="Aino Mäkelä")
    bertta = person(company, name="Bertta Lahti")
    context = company.context()
    conversation_id = talk(company, aino, "Bertta Lahti came to the phone.")
    caller = leg(conversation_id, customer_id=aino)
    recorded(context, caller, hertz=CALLER_HZ)
    recorded(context, replace(caller, leg="b", role="agent", operator_id=7), hertz=AGENT_HZ)
    third = recorded(context, replace(caller, leg="c", role="third", customer_id=None), hertz=THIRD_HZ)
    recordings.identify_third(context, recording_id=third, customer_id=bertta, how=How.QUESTIONS, now=clock.now())
    hers, theirs = copy_of(company, aino), copy_of(company, bertta)
    assert "Bertta" not in hers.everything()
    (wav,) = [data for name, data in hers.files.items() if name.endswith(".wav")]
    assert tuple(map(loudest, sides(wav))) == (CALLER_HZ, AGENT_HZ)
    assert "Aino" not in theirs.everything()
    assert theirs.rows("conversation") == []
    (wav,) = [data for name, data in theirs.files.items() if name.endswith(".wav")]
    assert tuple(map(loudest, sides(wav))) == (THIRD_HZ, 0)
    assert any(name.endswith(".vcon") for name in hers.files)
    assert callable(vcon_audio)


def test_what_may_be_taken_along_is_what_the_person_provided(company: Company) -> None:
    aino = company.person("aino.take@example.com", "+358401110000").customer_id
    talk(company, aino, "She sounded tired.")
    register.add_note(company.context(), customer_id=aino, text="Pays late.", now=clock.now())
    copy = opened(company, made(company, aino, CopyKind.PORTABILITY).copy_id)
    assert "copy.pdf" not in copy.files
    assert {"value", "consent", "conversation", "interaction"} <= copy.told["data"].keys()
    assert {"note", "conversation-note", "look-up", "decision"} & copy.told["data"].keys() == set()
    assert "Pays late" not in copy.everything()
    assert "tired" not in copy.everything()
