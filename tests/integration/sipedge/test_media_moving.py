"""The range of ports changes while there are calls."""

import asyncio
import random
from pathlib import Path

import pytest
from tests.phones import Phone, run, two

from trustdesk.sipedge.media.contracts import Law


def test_another_range_of_ports_is_for_whoever_comes_next(tmp_path: Path) -> None:
    """A call that stands keeps its ports; IPv6 is taken up the same way."""

    async def call() -> None:
        async with two(tmp_path) as made, Phone(1300, ssrc=77) as third:
            first = random.randrange(61_000, 63_000, 2)
            bound, _address = made.media._bound
            for address in ("127.0.0.1", "::"):
                await made.media.move((first, first + 1), address=address)
                place = await made.media.open_leg("c", call=1, law=Law.A)
                assert (place.host, place.port) == (address, first)
                with pytest.raises(OSError, match="no pair of ports is free"):
                    await made.media.open_leg("d", call=1, law=Law.A)
                await made.media.set_far("c", third.far())
                await made.media.close_leg("c")
            before = len(made.phones["a"].packets)
            await asyncio.sleep(0.3)
            assert len(made.phones["a"].packets) > before
            await made.media.close_leg("b")
            await made.media.move(bound, address="127.0.0.1")
            assert bound[0] <= (await made.media.open_leg("b", call=1, law=Law.A)).port < bound[1]

    run(call())
