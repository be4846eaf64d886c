"""Whole calls over IPv6, and between telephones of both families: real ones, decrypted audio, this machine only."""

import time
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from tests.baresip import Softphone, softphone, strength
from tests.integration.sipedge.edge_process import NUMBER, EdgeProcess, edge_process
from tests.integration.sipedge.whole_calls import CALLER, FIRST, PASSWORD, PHONES, SURE, agent, check_only, done
from tests.ports import free_port

from trustdesk.sipedge.words.commands import Connect, Deed, Dial, Listen, Trunk
from trustdesk.sipedge.words.plan import Mode, Plan, Terms
from trustdesk.sipedge.words.told import Happened

pytestmark = pytest.mark.slow

SIX = "::1"
OVER_SIX = ("-6", "-n", "::1")  # else baresip's sound goes over IPv4, however it signals
CARRIERS = (Trunk(trunk=1, addresses=("::1/128",)),)


def registered(place: str, transport: str = "udp") -> str:
    login = f"auth_user=desk1;auth_pass={PASSWORD};regint=60;audio_codecs=PCMA/8000/1;answermode=auto"
    return f"<sip:desk1@{place};transport={transport}>;{login}"


def check_a_whole_call(edge: EdgeProcess, far: Softphone, near: Softphone, transport: str = "udp") -> None:
    """Notice, queue, agent: both hear each other, and each is stored apart."""
    edge.board.until(lambda: "desk1" in edge.board.reachable.phones, what="registration")
    far.dial(f"sip:{NUMBER}@[::1]:{edge.ports[transport]};transport={transport}")
    far.wait_for("CALL_ESTABLISHED")
    edge.board.wait_for(Happened.QUEUED)
    assert edge.files() == []
    done(edge, Connect(call=1, agent=agent(edge)))
    edge.board.wait_for(Happened.RECORDING, times=2)
    time.sleep(3)
    far.hang_up()
    edge.board.wait_for(Happened.ENDED)
    near.wait_for("CALL_CLOSED")
    assert strength(far.heard()[-8000:], FIRST) > SURE
    assert strength(near.heard()[-8000:], CALLER) > SURE
    check_only(edge, 1, CALLER)
    check_only(edge, 2, FIRST)


def caller(folder: Path, *only: str) -> AbstractContextManager[Softphone]:
    account = "<sip:+36201112233@[::1]>;regint=0;audio_codecs=PCMA/8000/1"
    return softphone(folder / "caller", account=account, says_hertz=CALLER, host=SIX, only=only)


@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_caller_and_agent_over_ipv6(tmp_path: Path, transport: str) -> None:
    with (
        edge_process(tmp_path, phones=PHONES, trunks=CARRIERS, host=SIX, settings={"advertised": ""}) as edge,
        caller(tmp_path, *OVER_SIX) as far,
        softphone(
            tmp_path / "desk1",
            account=registered(f"[::1]:{edge.ports[transport]}", transport),
            says_hertz=FIRST,
            host=SIX,
            only=OVER_SIX,
        ) as near,
    ):
        check_a_whole_call(edge, far, near, transport)


def test_signalling_over_ipv6_with_sound_over_ipv4_and_an_agent_over_ipv4(tmp_path: Path) -> None:
    """Each is told our address in the family in which it named its own; the advertised one is for IPv4 only."""
    six, four = free_port(host=SIX), free_port()
    listen = (Listen(transport="udp", host=SIX, port=six), Listen(transport="udp", host="127.0.0.1", port=four))
    settings = {"listen": listen, "advertised": "127.0.0.1"}
    with (
        edge_process(tmp_path, phones=PHONES, trunks=CARRIERS, host=SIX, settings=settings) as edge,
        caller(tmp_path) as far,
        softphone(tmp_path / "desk1", account=registered(f"127.0.0.1:{four}"), says_hertz=FIRST) as near,
    ):
        edge.ports["udp"] = six
        check_a_whole_call(edge, far, near)


def test_a_call_out_over_ipv6(tmp_path: Path) -> None:
    """Our Contact and Via are what the carrier answers to, our address of sound what it sends to."""
    far_account = "<sip:+36209998877@[::1]>;regint=0;answermode=auto;audio_codecs=PCMA/8000/1"
    with softphone(tmp_path / "far", account=far_account, says_hertz=CALLER, host=SIX, only=OVER_SIX) as far:
        trunk = Trunk(trunk=1, addresses=("::1/128",), target=f"sip:[::1]:{far.sip_port}")
        settings = {"advertised": "203.0.113.7"}  # for IPv4, and so not for this carrier
        with (
            edge_process(tmp_path, phones=PHONES, trunks=(trunk,), host=SIX, settings=settings) as edge,
            softphone(
                tmp_path / "desk1",
                account=registered(f"[::1]:{edge.ports['udp']}"),
                says_hertz=FIRST,
                host=SIX,
                only=OVER_SIX,
            ),
        ):
            edge.board.until(lambda: "desk1" in edge.board.reachable.phones, what="registration")
            plan = Plan(call=9, controller=1, language="en", steps=(edge.notice,), terms=Terms(mode=Mode.NOTICE))
            done(edge, Dial(plan=plan, agent=agent(edge), trunk=1, number="+36209998877", caller=NUMBER, name="Us"))
            edge.board.wait_for(Happened.RECORDING, times=2)
            time.sleep(2)
            done(edge, Deed(call=9, verb="hang-up"))
            edge.board.wait_for(Happened.ENDED)
            far.wait_for("CALL_CLOSED")
            roles = {ask.role: number for number, ask in zip(edge.board.keys, edge.board.key_asks(), strict=True)}
            check_only(edge, roles["customer"], CALLER)
            check_only(edge, roles["agent"], FIRST)


def test_a_stranger_over_ipv6_is_told_nothing(tmp_path: Path) -> None:
    """The list of addresses holds for both families."""
    carriers = (Trunk(trunk=1, addresses=("2001:db8::/32", "127.0.0.0/8")),)
    with (
        edge_process(tmp_path, trunks=carriers, host=SIX, settings={"advertised": ""}) as edge,
        softphone(tmp_path / "caller", account="<sip:stranger@[::1]>;regint=0", host=SIX) as far,
    ):
        far.dial(f"sip:{NUMBER}@[::1]:{edge.ports['udp']}")
        far.wait_for("CALL_CLOSED", seconds=40)
        assert edge.board.asks == []
