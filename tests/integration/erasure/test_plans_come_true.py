"""What each capability says it would forget is what it forgets: no more, no less, and then nothing more."""

from collections.abc import Sequence

from tests import clearing, conversing
from tests.erasing import Rooms, history

from trustdesk.audit import api as audit
from trustdesk.clearance import api as clearance
from trustdesk.clearance.contracts import Method, Scope
from trustdesk.conversations import api as conversations
from trustdesk.erasure import capabilities
from trustdesk.isolation.api import scoped
from trustdesk.kernel import clock, registries
from trustdesk.kernel.ids import new_id
from trustdesk.kernel.registries import Fate, Person, Planned
from trustdesk.register import api as register
from trustdesk.vault import api as vault

QUIET = (
    *("audit", "campaigns", "clearance", "conversations", "copies", "delivery", "identity", "intake", "recordings"),
    *("register", "rights", "screening", "switchboard"),
)
NAMESAKE = "Veikko Salminen"
HOUSEHOLD = "+358409990001"


def planned(held: Rooms, capability: str, *persons: Person) -> list[list[Planned]]:
    declaration = registries.privacy.get(capability)
    assert declaration.plan is not None
    context = held.context
    with scoped(context.scope):
        return [[line for line in lines if line.count] for lines in declaration.plan(context, persons)]


def everything_planned(held: Rooms, person: Person) -> dict[str, list[Planned]]:
    names = [name for name, declaration in registries.privacy if declaration.plan is not None]
    return {name: planned(held, name, person)[0] for name in names}


def going(lines: Sequence[Planned]) -> int:
    return sum(line.count for line in lines if line.fate is Fate.GOES)


def kept(lines: Sequence[Planned]) -> list[Planned]:
    return [line for line in lines if line.fate is Fate.KEPT]


def of_a_household(held: Rooms) -> tuple[int, int]:
    """Two of one name with one telephone; both objected, both were called, and both are offered where one called."""
    one, other = (clearing.person(held.house, name=NAMESAKE, phone=HOUSEHOLD) for _each in range(2))
    context, now = held.house.context(), clock.now()
    for each in (one, other):
        scope = Scope(purpose="news")
        clearance.record_objection(context, customer_id=each, scope=scope, method=Method.ONE_CLICK, now=now)
        conversing.call(held.house, party=HOUSEHOLD).identify(each).note("Asked about the bill.")
    asked = conversing.call(held.house, party="+358401115556")
    conversations.note_matches(context, conversation_id=asked.id, customer_ids=[one, other], now=now)
    return one, other


def test_who_erases_plans() -> None:
    for _name, declaration in registries.privacy:
        assert (declaration.plan is None) == (declaration.erase is None), declaration.capability


def test_after_the_erasure_the_plan_has_come_true(held: Rooms) -> None:
    person = register.shown_as_one(held.context, history(held))
    met = set()
    for declaration in capabilities.from_high_to_low():
        if declaration.erase is None:
            continue
        (before,) = planned(held, declaration.capability, person)
        gone = declaration.erase(held.context, [person])
        assert gone == [going(before)], (declaration.capability, before)
        assert planned(held, declaration.capability, person) == [kept(before)], declaration.capability
        if going(before):
            met.add(declaration.capability)
    assert met >= {"campaigns", "clearance", "conversations", "delivery", "identity", "recordings", "register"}
    assert met >= {"screening", "switchboard"}


def test_so_has_that_of_many_at_once_and_nobody_else_loses_anything(held: Rooms) -> None:
    """One with two records, one of whom there is nothing, and one whose namesake in the same household stays."""
    long, nobody = register.shown_as_one(held.context, history(held)), (new_id(),)
    one, other = of_a_household(held)
    persons = [long, nobody, (one,)]
    assert len(long) == 2
    neighbor = everything_planned(held, (other,))
    for declaration in capabilities.from_high_to_low():
        if declaration.erase is None:
            continue
        before = planned(held, declaration.capability, *persons)
        gone = declaration.erase(held.context, persons)
        assert list(gone) == [going(lines) for lines in before], (declaration.capability, before)
        after = planned(held, declaration.capability, *persons)
        assert after == [kept(lines) for lines in before], declaration.capability
        assert everything_planned(held, (other,)) == neighbor, declaration.capability
    assert not any(everything_planned(held, nobody).values())
    assert going(neighbor["conversations"]) == 2, "the conversation, and where both were offered"
    card = register.card(held.context, other, now=clock.now())
    assert (card.name, {value.text for value in card.values}) == (NAMESAKE, {NAMESAKE, HOUSEHOLD})
    assert "service" in dict(vault.living_classes(held.context, [other])).values(), "and the key"


def test_of_whom_there_is_nothing_the_log_says_nothing(held: Rooms) -> None:
    """Alone no entry is written; beside somebody of whom there is something they are not named."""
    nobody, nobody_either = (new_id(),), (new_id(), new_id())
    entries = held.ask("SELECT count(*) FROM audit_entry")
    erasures = [(each.capability, each.erase) for each in capabilities.from_high_to_low() if each.erase is not None]
    for capability, erase in erasures:
        if capability in QUIET:
            assert list(erase(held.context, [nobody, nobody_either])) == [0, 0], capability
    assert held.ask("SELECT count(*) FROM audit_entry") == entries
    person = register.shown_as_one(held.context, history(held))
    for _capability, erase in erasures:
        erase(held.context, [nobody, person])
    named = {entry.what for entry in audit.entries(held.context, subject=nobody[0]) if entry.kind == "deed"}
    assert {what.split(".")[0] for what in named}.isdisjoint(QUIET)
