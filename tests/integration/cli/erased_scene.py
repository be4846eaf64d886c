"""What happens in an installation before and after its backup, in a process of its own; one line of JSON is printed.

Anna is erased before the backup, Bela's erasure is begun before it and ended after, Cleo's is asked for and done after
it; Dora stays.
"""

import json
import sys
from typing import Any

from trustdesk.cli.environment import existing_home, ready, running_database
from trustdesk.kernel import clock

NAMES = ("Anna Kovács", "Béla Kovács", "Cleo Kovács", "Dóra Kovács")
PHONES = [f"+3630111000{number}" for number in range(4)]


def make() -> dict[str, int]:
    from tests.companies import found_company  # noqa: PLC0415 - needs the settings

    house = found_company("Alföldi Víz", "HU")
    people = [house.person(name=name, phone=phone) for name, phone in zip(NAMES, PHONES, strict=True)]
    anna, bela = people[:2]
    context = house.context()
    done = _approved(context, anna)
    erasure().carry_out(context, plan_id=done, now=clock.now())
    begun = _approved(context, bela)
    from trustdesk.erasure.services.running import advance  # noqa: PLC0415 - stopped in the middle

    for _step in ("holds", "rights.told", "ledger", "recipients"):
        assert advance(context, [begun], before=None, now=clock.now()) == ([begun], [])
    return {"controller": house.controller_id, "source": house.imported, "bela": begun} | dict(
        zip(("Anna", "Béla", "Cleo", "Dóra"), people, strict=True)
    )


def finish(held: dict[str, int]) -> dict[str, str]:
    context = _context(held)
    bela = erasure().carry_out(context, plan_id=held["bela"], now=clock.now())
    cleo = erasure().carry_out(context, plan_id=_approved(context, held["Cleo"]), now=clock.now())
    return {"Béla": bela.state, "Cleo": cleo.state}


def look(held: dict[str, int]) -> dict[str, Any]:
    from trustdesk.kernel.errors import NotFoundError  # noqa: PLC0415
    from trustdesk.register import api as register  # noqa: PLC0415
    from trustdesk.register.contracts import CustomerKind, NewCustomer, NewValue  # noqa: PLC0415
    from trustdesk.vault import api as vault  # noqa: PLC0415

    context = _context(held)
    there = {}
    for name in ("Anna", "Béla", "Cleo", "Dóra"):
        try:
            there[name] = register.card(context, held[name], now=clock.now()).name
        except NotFoundError:
            there[name] = ""
    rows = [
        NewCustomer(kind=CustomerKind.PERSON, values=(NewValue("name", name), NewValue("phone", phone)))
        for name, phone in zip(NAMES[:3], PHONES, strict=False)
    ]
    added = register.add_many(context, rows, source_id=held["source"], now=clock.now())
    return {
        "there": there,
        "keys": [len(vault.living_classes(context, [held[name]])) for name in there],
        "let in": [outcome.customer_id is not None for outcome in added.outcomes],
        "plans": sorted(plan.state.value for plan in erasure().plans(context)),
        "found": len(register.search(context, "Kovács").rows),
    }


def erasure() -> Any:  # noqa: ANN401 - a module
    from trustdesk.erasure import api  # noqa: PLC0415

    return api


def _context(held: dict[str, int]) -> Any:  # noqa: ANN401
    from trustdesk.mandates.api import system_context  # noqa: PLC0415

    return system_context(held["controller"], purpose="compliance", now=clock.now(), on_behalf_of=0)


def _approved(context: Any, customer_id: int) -> int:  # noqa: ANN401
    from trustdesk.erasure.contracts import Cause  # noqa: PLC0415

    plan = erasure().draw(context, customer_id=customer_id, cause=Cause.REQUEST, now=clock.now())
    erasure().carry_out(context, plan_id=plan.plan_id, now=clock.now())  # what is prepared
    erasure().approve(context, plan_id=plan.plan_id, now=clock.now())
    return int(plan.plan_id)


def main() -> None:
    ready()
    act = {"make": lambda _held: make(), "finish": finish, "look": look}[sys.argv[1]]
    held = json.loads(sys.argv[2]) if len(sys.argv) > 2 else {}
    with running_database(existing_home()):
        said = act(held)
    sys.stdout.write(json.dumps(said))


if __name__ == "__main__":
    main()
