"""What each capability says it would forget is what it forgets: no more, no less, and then nothing more."""

from tests.erasing import Rooms, history

from trustdesk.erasure import capabilities
from trustdesk.isolation.api import scoped
from trustdesk.kernel import registries
from trustdesk.kernel.registries import Fate, Planned


def planned(held: Rooms, capability: str, customer_id: int) -> list[Planned]:
    declaration = registries.privacy.get(capability)
    assert declaration.plan is not None
    context = held.context
    with scoped(context.scope):
        return [line for line in declaration.plan(context, [(customer_id,)])[0] if line.count]


def test_who_erases_plans() -> None:
    for _name, declaration in registries.privacy:
        assert (declaration.plan is None) == (declaration.erase is None), declaration.capability


def test_after_the_erasure_the_plan_has_come_true(held: Rooms) -> None:
    customer_id = history(held)
    met = set()
    for declaration in capabilities.from_high_to_low():
        if declaration.erase is None:
            continue
        before = planned(held, declaration.capability, customer_id)
        going = sum(line.count for line in before if line.fate is Fate.GOES)
        gone = declaration.erase(held.context, [(customer_id,)])[0]
        assert gone == going, (declaration.capability, before)
        after = planned(held, declaration.capability, customer_id)
        assert [line for line in after if line.fate is Fate.GOES] == [], declaration.capability
        assert after == [line for line in before if line.fate is Fate.KEPT], declaration.capability
        if going:
            met.add(declaration.capability)
    assert met >= {"campaigns", "clearance", "conversations", "delivery", "identity", "recordings", "register"}
    assert met >= {"screening", "switchboard"}
