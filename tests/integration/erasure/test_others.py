"""Namesakes, the household, and who else was in a conversation: nothing of theirs is touched but the erased name."""

from datetime import timedelta

from tests.conversing import call
from tests.erasing import Rooms

from trustdesk.conversations import api as conversations
from trustdesk.conversations.contracts import How, NewFollowUp
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.register import api as register

LANDLINE = "+35891234567"


def notes(context: AccessContext, customer_id: int) -> list[str | None]:
    return [note.text for note in register.card(context, customer_id, now=clock.now()).notes]


def note(held: Rooms, customer_id: int, text: str) -> None:
    register.add_note(held.house.context(), customer_id=customer_id, text=text, now=clock.now())


def test_the_person_is_cut_out_of_what_was_written_about_others(held: Rooms) -> None:
    aino = held.person("Aino Mäkelä", phone="+358401110021", email="aino.makela@example.com")
    bea = held.person("Bea Lund", phone="+358401110022")
    note(held, bea, "Her neighbor Aino Mäkelä (040 111 0021, aino.makela@example.com) asks for her. Meter 17.")
    note(held, bea, "Mäkelä, AINO called again; Aino Virtanen did not.")
    done = held.erase(aino)
    assert {step.name: step.counts for step in done.steps}["texts"] == {"notes": 2, "conversations": 0}
    assert sorted(text or "" for text in notes(held.context, bea)) == [
        "Her neighbor […] ([…], […]) asks for her. Meter 17.",
        "[…] called again; Aino Virtanen did not.",
    ]
    found = register.search(held.context, "Mäkelä")
    assert found.rows == []
    assert [hit.customer_id for hit in register.search(held.context, "neighbor").rows] == [bea]


def test_a_namesake_is_another_person(held: Rooms) -> None:
    one = held.person("Matti Korhonen", phone="+358401110023")
    other = held.person("Matti Korhonen", phone="+358401110024")
    note(held, other, "Matti Korhonen prefers letters.")
    held.erase(one)
    assert notes(held.context, other) == ["Matti Korhonen prefers letters."]
    assert [hit.customer_id for hit in register.search(held.context, "Korhonen").rows] == [other]


def test_a_household_keeps_its_number_and_its_words(held: Rooms) -> None:
    one = held.person("Liisa Nieminen", phone=LANDLINE, address="Kirkkokatu 3, 00100 Helsinki")
    other = held.person("Pekka Nieminen", phone=LANDLINE, address="Kirkkokatu 3, 00100 Helsinki")
    note(held, other, "Mr Nieminen is at home in the evening; the Nieminens have one meter.")
    his = call(held.house, party=LANDLINE).identify(other, How.QUESTIONS, now=clock.now())
    his.note("He asked about the bill.")
    held.erase(one)
    assert notes(held.context, other) == ["Mr Nieminen is at home in the evening; the Nieminens have one meter."]
    texts = [value.text for value in register.card(held.context, other, now=clock.now()).values]
    assert LANDLINE in texts
    whole = conversations.conversation(held.context, his.id)
    assert [party.text for party in whole.parties] == [LANDLINE]


def test_of_a_conversation_of_two_the_other_ones_words_stay(held: Rooms) -> None:
    one = held.person("Tuula Laine", phone="+358401110025")
    other = held.person("Sari Heino", phone="+358401110026")
    theirs = call(held.house, party="+358401110025").identify(other, now=clock.now())  # Tuula called for Sari
    theirs.note("Tuula Laine called for Sari Heino: the meter is broken.")
    new = NewFollowUp(due_at=clock.now() + timedelta(days=1), text="Ask Tuula Laine for the key.")
    conversations.follow_up(held.house.context(), conversation_id=theirs.id, new=new, now=clock.now())
    done = held.erase(one)
    assert {step.name: step.counts for step in done.steps}["texts"]["conversations"] == 3
    whole = conversations.conversation(held.context, theirs.id)
    assert [each.text for each in whole.notes] == ["[…] called for Sari Heino: the meter is broken."]
    assert [each.text for each in whole.follow_ups] == ["Ask […] for the key."]
    assert [party.text for party in whole.parties if party.text] == []
    assert register.card(held.context, other, now=clock.now())
