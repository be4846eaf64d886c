"""What was said with the invented customers: calls of the last weeks, some settled, some waiting, some complained."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from trustdesk.conversations import api as conversing
from trustdesk.conversations.contracts import (
    ComplaintForm,
    Direction,
    Given,
    How,
    Kind,
    NewConversation,
    NewInteraction,
    NewReply,
    QueueRules,
    ReplyOutcome,
    Result,
)
from trustdesk.demo.companies import Company
from trustdesk.demo.customers import SEED
from trustdesk.kernel.context import AccessContext
from trustdesk.register.contracts import NewCustomer

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
_SECTORS = {"FI": "energy", "HU": "public_service"}
_LINES = {"FI": "+358942420100", "HU": "+3662555010"}
_SHORTEST, _LONGEST = 90, 900  # seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One conversation. `ago` is when it was; without `how` nobody was identified.

    Nothing waits for its outcome: whoever tries the demo takes calls at once.
    """

    ago: timedelta
    note: str
    kind: Kind = Kind.CALL
    how: How | None = How.QUESTIONS
    said: str = ""
    again: timedelta | None = None
    complaint: str = ""
    reply: str = ""
    matched: int = 0
    answered: bool = True
    queue: str = "service"
    fields: dict[str, str] = field(default_factory=dict)


_FI = (
    Story(ago=21 * DAY, note="Muutto toukokuussa, uusi osoite kirjattu.", said="done"),
    Story(ago=12 * DAY, note="Kysyi laskun eräpäivää, siirretty kuun loppuun.", said="done", how=How.CALLED_BACK),
    Story(ago=6 * DAY, note="Mittarilukema puuttuu, asiakas lähettää kuvan.", said="again", again=7 * DAY),
    Story(
        ago=24 * DAY,
        note="Lasku on kaksinkertainen, vaatii hyvitystä.",
        said="complaint",
        complaint="Syyskuun lasku on laskutettu kahdesti. Asiakas vaatii toisen hyvittämistä.",
        reply="Lasku oli virheellinen. Summa hyvitetään seuraavassa laskussa.",
    ),
    Story(
        ago=28 * DAY,
        note="Katkosta ei ilmoitettu etukäteen.",
        said="complaint",
        complaint="Sähkö oli poikki kuusi tuntia ilman ennakkoilmoitusta. Pakastimen sisältö pilaantui.",
    ),
    Story(ago=2 * DAY, note="Ei halua tarjouksia puhelimitse.", said="objection"),
    Story(ago=3 * HOUR, note="Haluaa, että soitamme iltapäivällä.", said="callback", again=2 * HOUR),
    Story(ago=HOUR, note="Kysyy yrityssopimuksen hinnasta.", how=None, matched=2, said="done"),
    Story(ago=HOUR / 2, note="Valokuitu ei toimi, laite käynnistetty uudelleen.", said="again", again=DAY),
    Story(ago=HOUR / 3, note="", how=None, answered=False),
)
_HU = (
    Story(ago=20 * DAY, note="Költözik, az új címet rögzítettük.", said="done"),
    Story(ago=11 * DAY, note="Részletfizetést kért, elküldtük a nyomtatványt.", said="done", how=How.CODE),
    Story(ago=5 * DAY, note="A szerelő nem jött ki, új időpontot egyeztetünk.", said="again", again=6 * DAY),
    Story(
        ago=10 * DAY,
        note="Kétszer számláztuk a szeptembert.",
        said="complaint",
        queue="complaints",
        complaint="A szeptemberi díjat kétszer számlázták ki. A többlet visszatérítését kéri.",
        reply="A panasznak helyt adtunk, a többletet a következő számlán jóváírjuk.",
    ),
    Story(
        ago=13 * DAY,
        note="Napok óta akadozik az internet.",
        said="complaint",
        queue="complaints",
        complaint="Két hete naponta többször megszakad az internetkapcsolat. Díjcsökkentést kér.",
    ),
    Story(ago=3 * DAY, note="Nem kér több telefonos ajánlatot.", said="objection"),
    Story(ago=4 * HOUR, note="Délután hívjuk vissza.", said="callback", again=3 * HOUR),
    Story(ago=HOUR, note="Előfizetés átírásáról érdeklődik.", how=None, matched=2, said="done"),
    Story(ago=HOUR / 2, note="A mobilnet lassú, mérést kértünk.", said="again", again=DAY),
    Story(ago=HOUR / 4, note="", how=None, answered=False),
)
_STORIES = {"FI": _FI, "HU": _HU}
_HOW_MADE = {"FI": "Puhelimitse", "HU": "Telefonon"}


def talk(
    context: AccessContext, company: Company, rows: Sequence[NewCustomer], ids: Sequence[int], *, now: datetime
) -> None:
    """The same ones at every first start, answered by the operator of the context under the processor's mandate."""
    chance = random.Random(SEED + len(company.name))  # noqa: S311 - invented people, the same at every first start
    reachable = [
        (customer_id, number)
        for row, customer_id in zip(rows, ids, strict=True)
        if customer_id and (number := _value(row, "phone"))
    ]
    people = chance.sample(reachable, k=2 * len(_STORIES[company.country]))
    for story in sorted(_STORIES[company.country], key=lambda one: one.ago, reverse=True):
        _tell(context, company, story, [people.pop(), people.pop()], chance, now=now)


def set_rules(context: AccessContext, company: Company, *, now: datetime) -> None:
    """What the company asks for in its queues: of which sector complaints are."""
    rules = QueueRules(sector=_SECTORS[company.country])
    conversing.save_queue_rules(context, rules=rules, now=now)


def _tell(
    context: AccessContext,
    company: Company,
    story: Story,
    people: Sequence[tuple[int, str]],
    chance: random.Random,
    *,
    now: datetime,
) -> None:
    at = now - story.ago
    customer_id, number = people[0]
    new = NewConversation(
        channel=story.kind, queue=story.queue, language=company.languages[0], line=_LINES[company.country]
    )
    conversation_id = conversing.open_conversation(context, new=new, now=at).conversation_id
    call = NewInteraction(kind=story.kind, direction=Direction.IN, party=number, started_at=at)
    one = conversing.begin_interaction(context, conversation_id=conversation_id, new=call, now=at)
    if story.answered:
        conversing.join(context, interaction_id=one, operator_id=context.operator_id, now=at + timedelta(seconds=8))
    if story.matched:
        offered = [each for each, _number in people[: story.matched]]
        conversing.note_matches(context, conversation_id=conversation_id, customer_ids=offered, now=at)
    if story.how is not None:
        conversing.identify(
            context,
            conversation_id=conversation_id,
            customer_id=customer_id,
            how=story.how,
            now=at + timedelta(minutes=1),
        )
    ended = at + timedelta(seconds=chance.randint(_SHORTEST, _LONGEST))
    result = Result.ANSWERED if story.answered else Result.ABANDONED
    conversing.end_interaction(context, interaction_id=one, result=result, ended_at=ended, now=ended)
    if story.note:
        conversing.add_note(context, conversation_id=conversation_id, text=story.note, now=ended, interaction_id=one)
    if story.said:
        _dispose(context, company, story, conversation_id, one, at=ended, now=now)


def _dispose(
    context: AccessContext,
    company: Company,
    story: Story,
    conversation_id: int,
    interaction_id: int,
    *,
    at: datetime,
    now: datetime,
) -> None:
    minutes = ComplaintForm(
        fields={
            "complainant_name": "Minta Anna" if company.country == "HU" else "Malli Anna",
            "complainant_address": company.house.address,
            "submitted": f"{_HOW_MADE[company.country]}, {at:%Y-%m-%d %H:%M}",
            "description": story.complaint,
        }
    )
    given = Given(
        due_at=now + (story.again - story.ago) if story.again and story.again > story.ago else None,
        owner_id=context.operator_id,
        complaint=minutes if story.complaint else None,
    )
    conversing.dispose(context, interaction_id=interaction_id, disposition=story.said, given=given, now=at)
    if story.reply:
        _reply(context, conversation_id, story, at=at)


def _reply(context: AccessContext, conversation_id: int, story: Story, *, at: datetime) -> None:
    for file in conversing.conversation(context, conversation_id).complaints:
        sent_at = at + 3 * DAY
        new = NewReply(outcome=ReplyOutcome.ACCEPTED, text=story.reply, sent_at=sent_at)
        conversing.reply(context, complaint_id=file.complaint_id, new=new, now=sent_at)


def _value(row: NewCustomer, attribute: str) -> str:
    return next((value.text for value in row.values if value.attribute == attribute), "")
