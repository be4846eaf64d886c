"""What belongs to the installation: trunks, phones, and how the edge stands in the network."""

import hashlib
import socket
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from tests.companies import Company
from tests.ports import free_port
from tests.telephoning import number, reachable
from tests.world import World

from trustdesk.kernel import clock
from trustdesk.kernel.errors import BadInputError, ConflictError, NotFoundError, RefusedError
from trustdesk.sipedge.api import read_server, relay_login
from trustdesk.sipedge.contracts import Config
from trustdesk.telephony import api
from trustdesk.telephony.contracts import EdgeSettings, NewTrunk, TurnServer

CARRIER = NewTrunk(name="Carrier", addresses=["192.0.2.0/28"], target="sip:sip.example.com:5061;transport=tls")
SZEGED = "+3662555010"


def trunk(**more: Any) -> int:  # noqa: ANN401 - fields of the trunk
    return api.save_trunk(trunk_id=None, new=replace(CARRIER, **more), by=None, now=clock.now())


@pytest.mark.usefixtures("room")
def test_a_trunks_password_is_wrapped_and_handed_to_the_edge_only() -> None:
    trunk_id = trunk(user="trustdesk", password="s3cret-of-the-carrier", realm="example.com", challenge=True)
    held = next(one for one in api.trunks(by=None) if one.trunk_id == trunk_id)
    assert held.has_password
    assert "s3cret" not in repr(held) + repr(replace(CARRIER, password="s3cret"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT password::text || t::text FROM telephony_trunk t WHERE id = %s", [trunk_id])
        assert b"s3cret".hex() not in cursor.fetchone()[0]
    told = next(one for one in api.edge_config().trunks if one.trunk == trunk_id)
    assert (told.password, told.user, told.challenge) == ("s3cret-of-the-carrier", "trustdesk", True)
    api.save_trunk(
        trunk_id=trunk_id,
        new=replace(CARRIER, user="trustdesk", name="Renamed", challenge=True),
        by=None,
        now=clock.now(),
    )
    told = next(one for one in api.edge_config().trunks if one.trunk == trunk_id)
    assert told.password == "s3cret-of-the-carrier"


@pytest.mark.parametrize(
    ("more", "place"),
    [
        ({"name": " "}, "name"),
        ({"addresses": ["192.0.2.300"]}, "addresses"),
        ({"addresses": ["carrier.example.com"]}, "addresses"),
        ({"addresses": ["192.0.2.5/28"]}, "addresses"),
        ({"addresses": ["0.0.0.0/0"]}, "addresses"),
        ({"addresses": ["::/0"]}, "addresses"),
        ({"addresses": ["192.0.2.0/24", "192.0.2.16/28"]}, "addresses"),
        ({"addresses": []}, "addresses"),
        ({"addresses": [], "user": "trustdesk"}, "addresses"),
        ({"challenge": True}, "user"),
        ({"registrar": "sip:example.com"}, "user"),
        ({"registrar": "example.com", "user": "a", "password": "b"}, "registrar"),
        ({"target": "sip:example.com:99999"}, "target"),
        ({"target": "sip:example.com;transport=sctp"}, "target"),
        ({"target": "sip:a b"}, "target"),
        ({"user": 'a"b', "password": "x"}, "user"),
        ({"password": "x"}, "user"),
        ({"per_day": -1}, "per_day"),
    ],
)
@pytest.mark.usefixtures("room")
def test_a_trunk_that_does_not_fit_names_its_place(more: Mapping[str, Any], place: str) -> None:
    with pytest.raises(BadInputError) as refused:
        trunk(**more)
    assert refused.value.place == place


@pytest.mark.parametrize("net", ["192.0.2.0/28", "192.0.2.8", "192.0.0.0/16", "192.0.2.0/29"])
@pytest.mark.usefixtures("room")
def test_an_address_says_which_trunk_it_is(net: str) -> None:
    trunk()
    with pytest.raises(ConflictError) as refused:
        trunk(name="Other", addresses=[net])
    assert refused.value.place == "addresses"
    assert trunk(name="Other", addresses=["192.0.2.16/28", "2001:db8::/48"])
    with pytest.raises(ConflictError):
        trunk(addresses=["198.51.100.1"])  # the name is taken


@pytest.mark.usefixtures("room")
def test_a_trunk_that_is_gone_is_not_found() -> None:
    trunk_id = trunk()
    api.remove_trunk(trunk_id=trunk_id, by=None, now=clock.now())
    assert trunk_id not in {one.trunk for one in api.edge_config().trunks}
    with pytest.raises(NotFoundError):
        api.remove_trunk(trunk_id=trunk_id, by=None, now=clock.now())


def test_a_trunk_that_numbers_go_over_stays(room: World) -> None:
    """It names them, of all companies; those of a company that is closed lose it with the trunk."""
    trunk_id, now = trunk(), clock.now()
    mine, theirs = room.system(room.south, "service"), room.system(room.north, "service")
    for context, e164 in ((mine, SZEGED), (theirs, "+3662555011")):
        reachable(context, e164, trunk=trunk_id)
    with pytest.raises(ConflictError, match=r"\+3662555010.*\+3662555011|\+3662555011.*\+3662555010"):
        api.remove_trunk(trunk_id=trunk_id, by=None, now=now)
    for context, e164 in ((mine, SZEGED), (theirs, "+3662555011")):
        assert api.number(context, e164).trunk == trunk_id
    api.save_number(mine, new=replace(number(SZEGED), trunk=None), now=now)
    api.save_number(theirs, new=replace(number("+3662555011"), trunk=None), now=now)
    api.remove_trunk(trunk_id=trunk_id, by=None, now=now)
    with pytest.raises(BadInputError, match="no such trunk"):
        api.save_number(mine, new=replace(number(SZEGED), trunk=trunk_id), now=now)


def test_no_number_has_a_trunk_that_is_not_there(room: World) -> None:
    """Also of a company that nobody can enter any more: the database sees to it."""
    trunk_id, context = trunk(), room.system(room.south, "service")
    reachable(context, SZEGED, trunk=trunk_id)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM telephony_trunk WHERE id = %s", [trunk_id])
    assert api.number(context, SZEGED).trunk is None


def test_a_phones_password_is_shown_once_and_proven_by_digests(room: World) -> None:
    agent = room.agent_north.id
    secret = api.add_phone(user="Anna-1", label="Room 4", operator_id=agent, by=None, now=clock.now())
    assert len(secret.password) == 20
    assert secret.password not in repr(secret)
    told = next(one for one in api.edge_config().phones if one.phone == secret.phone_id)
    proof = f"anna-1:{secret.realm}:{secret.password}".encode()
    assert told.ha1 == hashlib.md5(proof, usedforsecurity=False).hexdigest()
    assert told.ha1_sha256 == ""  # nobody said that it can
    with connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM telephony_phone t")
        row = cursor.fetchone()[0]
        assert secret.password not in row
        assert told.ha1 not in row
    assert api.agent(room.context(room.agent_north, room.north), agent).phone == "anna-1"
    again = api.reset_phone(phone_id=secret.phone_id, by=None, now=clock.now())
    assert again.password != secret.password
    assert next(one for one in api.edge_config().phones if one.phone == secret.phone_id).ha1 != told.ha1


def test_a_phone_that_can_is_asked_for_sha256(room: World) -> None:
    secret = api.add_phone(
        user="modern", label="", operator_id=room.agent_north.id, by=None, now=clock.now(), sha256=True
    )
    told = next(one for one in api.edge_config().phones if one.phone == secret.phone_id)
    proof = f"modern:{secret.realm}:{secret.password}".encode()
    assert told.ha1_sha256 == hashlib.sha256(proof).hexdigest()


def test_one_phone_an_operator_one_operator_a_phone(room: World) -> None:
    now = clock.now()
    api.add_phone(user="one", label="", operator_id=room.agent_north.id, by=None, now=now)
    for user, operator_id, fault in (
        ("one", room.agent_south.id, ConflictError),
        ("two", room.agent_north.id, ConflictError),
        ("Ä", room.agent_south.id, BadInputError),
        ("a b", room.agent_south.id, BadInputError),
        ("two", 1, BadInputError),
    ):
        with pytest.raises(fault):
            api.add_phone(user=user, label="", operator_id=operator_id, by=None, now=now)


def test_a_phone_that_is_gone_registers_no_more(room: World) -> None:
    secret = api.add_phone(user="one", label="", operator_id=room.agent_north.id, by=None, now=clock.now())
    api.remove_phone(phone_id=secret.phone_id, by=None, now=clock.now())
    assert api.edge_config().phones == ()
    with pytest.raises(NotFoundError):
        api.reset_phone(phone_id=secret.phone_id, by=None, now=clock.now())


def test_only_an_administrator_of_the_installation_does_this(room: World) -> None:
    now = clock.now()
    for by in (room.manager_north.id, room.supervisor_north.id, room.outsider.id):
        for deed in (
            lambda by=by: api.save_trunk(trunk_id=None, new=CARRIER, by=by, now=now),
            lambda by=by: api.trunks(by=by),
            lambda by=by: api.phones(by=by),
            lambda by=by: api.add_phone(user="one", label="", operator_id=by, by=by, now=now),
            lambda by=by: api.set_edge(new=EdgeSettings(), by=by, now=now),
        ):
            with pytest.raises(RefusedError):
                deed()
    assert api.save_trunk(trunk_id=None, new=CARRIER, by=room.admin.id, now=now)


@pytest.mark.parametrize(
    ("more", "place"),
    [
        ({"realm": "a b"}, "realm"),
        ({"listen": ()}, "listen"),
        ({"listen": (("sctp", "127.0.0.1", 5060),)}, "listen.0"),
        ({"listen": (("udp", "localhost", 5060),)}, "listen.0"),
        ({"listen": (("udp", "127.0.0.1", 80),)}, "listen.0"),
        ({"listen": (("udp", "127.0.0.1", 99_999),)}, "listen.0"),
        ({"listen": (("udp", "127.0.0.1", 5060), ("udp", "127.0.0.1", 5060))}, "listen.1"),
        ({"listen": (("tcp", "127.0.0.1", 5060), ("tls", "127.0.0.1", 5060))}, "listen.1"),
        ({"listen": (("tls", "127.0.0.1", 5061),)}, "certificate"),
        ({"advertised": "not an address"}, "advertised"),
        ({"rtp_first": 20_000, "rtp_last": 20_000}, "rtp_first"),
        ({"rtp_first": 80}, "rtp_first"),
        ({"rtp_last": 70_000}, "rtp_first"),
        ({"rtp_first": 20_000, "rtp_last": 20_050}, "rtp_last"),
        ({"rtp_first": 5_000, "rtp_last": 6_000}, "rtp_first"),
        ({"certificate": "/etc/hosts"}, "certificate"),
        ({"certificate": "cert.pem", "certificate_key": "key.pem"}, "certificate"),
        ({"certificate": "/nowhere/c.pem", "certificate_key": "/nowhere/k.pem"}, "certificate"),
        ({"client_authority": "/etc/hosts"}, "client_authority"),
        ({"stun": ("stun.example.com",)}, "stun.0"),
        ({"stun": ("turn:stun.example.com",)}, "stun.0"),
        ({"stun": ("stuns:stun.example.com",)}, "stun.0"),
        ({"stun": ("stun:stun.example.com", "stun:stun.example.com?transport=tcp")}, "stun.1"),
        ({"stun": ("stun:[2001:db8::1]:3478",)}, "stun.0"),
        ({"turn": (TurnServer(address="turns:turn.example.com?transport=udp", user="u", password="p"),)}, "turn.0"),
        ({"turn": (TurnServer(address="turn:turn.example.com:99999", user="u", password="p"),)}, "turn.0"),
        ({"turn": (TurnServer(address="turn:turn.example.com", user="", password="p"),)}, "turn.0.user"),
        ({"turn": (TurnServer(address="turn:turn.example.com", user="u"),)}, "turn.0.password"),
        ({"session_seconds": 60}, "session_seconds"),
    ],
)
@pytest.mark.usefixtures("room")
def test_an_edge_that_could_not_stand_names_its_place(more: Mapping[str, Any], place: str) -> None:
    with pytest.raises(BadInputError) as refused:
        api.set_edge(new=replace(EdgeSettings(), **more), by=None, now=clock.now())
    assert refused.value.place == place


@pytest.mark.usefixtures("room")
def test_what_can_t_be_spoken_to_is_refused_with_what_to_write() -> None:
    for more, mend in (
        ({"stun": ("stuns:stun.example.com",)}, "stun:stun.example.com:3478"),
        (
            {"turn": (TurnServer(address="turns:turn.example.com?transport=udp", user="u", password="p"),)},
            "turns:turn.example.com:5349?transport=tcp",
        ),
    ):
        with pytest.raises(BadInputError) as refused:
            api.set_edge(new=replace(EdgeSettings(), **more), by=None, now=clock.now())
        assert refused.value.mend == f"Write it as in {mend}."


@pytest.mark.usefixtures("room")
def test_whatever_is_taken_can_be_spoken_to() -> None:
    """The settings and the edge read addresses by the same rules."""
    stun = ("stun:stun.example.com", "stun:192.0.2.1:19302")
    addresses = ("turn:turn.example.com:80?transport=tcp", "turn:[2001:db8::1]", "turns:turn.example.com?transport=tcp")
    turn = [TurnServer(address=address, user="desk", password="relay") for address in addresses]
    api.set_edge(new=replace(EdgeSettings(), stun=stun, turn=turn), by=None, now=clock.now())
    told = api.edge_config()
    assert [read_server(address, "stun").host for address in told.stun] == ["stun.example.com", "192.0.2.1"]
    assert [read_server(address, "turn").port for address, *_ in told.turn] == [80, 3478, 5349]


@pytest.mark.usefixtures("room")
def test_a_browser_is_told_of_the_relays_with_what_proves_it() -> None:
    now = clock.now()
    assert api.browser_servers(now=now) == []
    turn = (
        TurnServer(address="turn:one.example.com", user="desk", password="relay"),
        TurnServer(address="turns:two.example.com", user="*", password="s3cret"),
    )
    api.set_edge(new=replace(EdgeSettings(), stun=("stun:stun.example.com",), turn=turn), by=None, now=now)
    stun, fixed, shared = api.browser_servers(now=now)
    assert (stun.address, stun.user) == ("stun:stun.example.com", "")
    assert (fixed.user, fixed.password) == ("desk", "relay")
    assert (shared.user, shared.password) == relay_login("*", "s3cret", holder="desk", now=now)
    assert "s3cret" not in shared.user + shared.password
    assert shared.password not in repr(shared)


@pytest.mark.usefixtures("room")
def test_a_mend_is_a_sentence() -> None:
    """An example alone after a full stop reads as if it were part of what is wrong."""
    for address, meant in (("carrier.example", "192.0.2.0/28"), ("198.51.100.7/28", "198.51.100.0/28")):
        with pytest.raises(BadInputError) as refused:
            trunk(addresses=[address])
        assert refused.value.mend == f"Write it as in {meant}."


@pytest.mark.usefixtures("room")
def test_it_is_not_told_to_listen_where_nobody_could() -> None:
    """Else the page says that it is taken up, the edge refuses it, and after the next start nobody is answered."""

    def refused(*listen: tuple[str, str, int]) -> BadInputError:
        with pytest.raises(BadInputError) as fault:
            api.set_edge(new=replace(EdgeSettings(), listen=listen), by=None, now=clock.now())
        return fault.value

    elsewhere = refused(("udp", "127.0.0.1", free_port()), ("udp", "203.0.113.9", free_port()))
    assert (elsewhere.place, elsewhere.message) == ("listen.1", "This machine does not have the address 203.0.113.9.")
    for transport, kind in (("udp", socket.SOCK_DGRAM), ("tcp", socket.SOCK_STREAM)):
        with socket.socket(socket.AF_INET, kind) as another:
            another.bind(("127.0.0.1", 0))
            if kind is socket.SOCK_STREAM:
                another.listen()
            port = another.getsockname()[1]
            taken = refused((transport, "127.0.0.1", port))
            assert (taken.place, taken.message[:15]) == ("listen.0", "Another program")
        api.set_edge(new=replace(EdgeSettings(), listen=((transport, "127.0.0.1", port),)), by=None, now=clock.now())
        with socket.socket(socket.AF_INET, kind) as ours:  # as the edge has it now: it may be kept, or widened
            ours.bind(("127.0.0.1", port))
            wider = ((transport, "0.0.0.0", port),)  # noqa: S104
            api.set_edge(new=replace(EdgeSettings(), listen=wider), by=None, now=clock.now())


@pytest.mark.usefixtures("room")
def test_the_edge_is_told_all_of_it(tmp_path: Path, south: Company) -> None:
    reachable(south.context(), SZEGED)
    for name in ("c.pem", "k.pem"):
        (tmp_path / name).write_text("-----BEGIN TEST-----\n")
    turn = TurnServer(address="turn:turn.example.com:3478", user="desk", password="relay")
    new = EdgeSettings(
        listen=(("udp", "0.0.0.0", free_port()), ("tls", "::", free_port("::1"))),  # noqa: S104
        advertised="203.0.113.7",
        certificate=str(tmp_path / "c.pem"),
        certificate_key=str(tmp_path / "k.pem"),
        stun=("stun:stun.example.com",),
        turn=(turn,),
    )
    api.set_edge(new=new, by=None, now=clock.now())
    told = api.edge_config()
    assert Config.model_validate_json(told.model_dump_json()) == told
    assert told.turn == (("turn:turn.example.com:3478", "desk", "relay"),)
    assert [(one.transport, one.host, one.port) for one in told.listen] == list(new.listen)
    assert told.numbers == (SZEGED,)
    for path in told.apology.values():
        assert Path(path).is_absolute()
        assert Path(path).is_file()
    assert told.apology[SZEGED].endswith("/hu/apology.alaw")
    assert api.edge_settings().turn[0].password is None
    api.set_edge(new=replace(new, turn=(replace(turn, password=None),)), by=None, now=clock.now())
    assert api.edge_config().turn[0][2] == "relay"


def test_the_realm_stays_while_there_are_phones(room: World) -> None:
    api.add_phone(user="one", label="", operator_id=room.agent_north.id, by=None, now=clock.now())
    with pytest.raises(ConflictError) as refused:
        api.set_edge(new=EdgeSettings(realm="other"), by=None, now=clock.now())
    assert refused.value.place == "realm"
