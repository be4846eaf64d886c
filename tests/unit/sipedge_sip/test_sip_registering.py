"""Phones register with digest; strangers are asked, refused, and banned."""

import hashlib

import pytest
from tests.sipping import AUDIO, OUR_NUMBER, REALM, Heard, config_of, phone_of, trunk_of
from tests.sipwire import SDP, Edge, Far, Wire, answers, edge, on_loop

from trustdesk.sipedge.contracts import Config, Phone
from trustdesk.sipedge.media.contracts import Law
from trustdesk.sipedge.sip.contracts import Peer, Side
from trustdesk.sipedge.sip.digest import MD5, SHA256, ha1, parse_digest
from trustdesk.sipedge.sip.limits import OFFENCES

HOME = ("203.0.113.5", 40001)
CONFIG = config_of(trunks=(trunk_of(1, "192.0.2.0/24"),), phones=(phone_of("alice", "secret"),))


def challenge_in(wire: Wire) -> dict[str, str]:
    refusal = list(answers(wire.took()))[-1]
    assert refusal.status == 401
    assert len(refusal.headers.lines("www-authenticate")) == 1  # never two: old phones break on it
    return dict(parse_digest(refusal.headers.first("www-authenticate")) or {})


def proof(
    asked: dict[str, str],
    method: str,
    *,
    user: str = "alice",
    password: str = "secret",  # noqa: S107 - a test's
    count: int = 1,
    uri: str = "",
) -> str:
    maker = hashlib.sha256 if asked["algorithm"] == "SHA-256" else hashlib.md5
    uri = uri or f"sip:{OUR_NUMBER}@198.51.100.1"

    def digest(text: str) -> str:
        return maker(text.encode()).hexdigest()

    first, second = digest(f"{user}:{REALM}:{password}"), digest(f"{method}:{uri}")
    response = digest(f"{first}:{asked['nonce']}:{count:08x}:cn:auth:{second}")
    return (
        f'Authorization: Digest username="{user}", realm="{REALM}", nonce="{asked["nonce"]}", uri="{uri}",'
        f' response="{response}", algorithm={asked["algorithm"]}, qop=auth, nc={count:08x}, cnonce="cn"'
    )


def register(*headers: str, user: str = "alice", contact: str = "<sip:alice@10.0.0.9:5060>", number: int = 1) -> str:
    text = Far(call_id=f"reg-{user}", number=number).request("REGISTER", headers=headers)
    text = text.replace(f"To: <sip:{OUR_NUMBER}@198.51.100.1>", f"To: <sip:{user}@{REALM}>")
    return text.replace("Contact: <sip:caller@192.0.2.10:5060>", f"Contact: {contact}")


async def registered(
    here: Edge, wire: Wire, *headers: str, contact: str = "<sip:alice@10.0.0.9:5060>", number: int = 1
) -> int:
    await here.give(register(contact=contact, number=number), wire)
    asked = challenge_in(wire)
    await here.give(register(proof(asked, "REGISTER"), *headers, contact=contact, number=number + 1), wire)
    return list(answers(wire.took()))[-1].status


@on_loop
async def test_a_phone_comes_stays_and_goes() -> None:
    async with edge(config=CONFIG) as here:
        wire = here.wire(*HOME)
        assert await registered(here, wire) == 200
        assert here.side.reachable()[0] == {"alice"}
        assert here.exchange.changes == 1
        await here.clock.turn(299)
        assert here.side.reachable()[0] == {"alice"}
        await here.clock.turn(2)
        assert here.side.reachable()[0] == frozenset()
        assert here.exchange.changes == 2


@on_loop
async def test_it_takes_itself_off() -> None:
    async with edge(config=CONFIG) as here:
        wire = here.wire(*HOME)
        await registered(here, wire)
        assert await registered(here, wire, contact="<sip:alice@10.0.0.9:5060>;expires=0", number=3) == 200
        assert here.side.reachable()[0] == frozenset()
        await registered(here, wire, number=5)
        assert await registered(here, wire, "Expires: 0", contact="*", number=7) == 200
        assert here.side.reachable()[0] == frozenset()


@on_loop
async def test_the_answer_lists_what_is_known() -> None:
    async with edge(config=CONFIG) as here:
        wire = here.wire(*HOME)
        await here.give(register(), wire)
        asked = challenge_in(wire)
        await here.give(register(proof(asked, "REGISTER"), contact="<sip:alice@10.0.0.9>;expires=3600", number=2), wire)
        answer = list(answers(wire.took()))[-1]
        assert answer.headers.lines("contact") == ["<sip:alice@10.0.0.9>;expires=300"]


@pytest.mark.parametrize(
    ("contact", "status"),
    [
        ("<sip:alice@10.0.0.9>;expires=5", 423),
        ("<sip:alice@10.0.0.9>;expires=99999999999999", 400),
        ("<name:alice>", 400),
        ("*", 400),
        ('"Alice <sip:alice@10.0.0.9>', 400),
        ("<sip:alice@10.0.0.9:99999999>", 400),
    ],
)
@on_loop
async def test_contacts_that_are_none(contact: str, status: int) -> None:
    async with edge(config=CONFIG) as here:
        assert await registered(here, here.wire(*HOME), contact=contact) == status
        assert here.side.reachable()[0] == frozenset()


@on_loop
async def test_it_is_rung_over_the_way_it_came_by() -> None:
    """Behind a router its own address is no way there."""
    async with edge(config=CONFIG) as here:
        wire = here.wire(*HOME)
        await registered(here, wire)
        await here.side.dial(
            Peer(side=Side.PHONE, phone="alice"),
            number="",
            caller="+3612345678",
            name="",
            place=AUDIO,
            laws=(Law.A,),
            events=Heard(),
        )
        invite = wire.took()[-1]
        assert str(invite.to.uri) == "sip:alice@10.0.0.9:5060"


@on_loop
async def test_its_calls_are_proved_each() -> None:
    async with edge(config=CONFIG) as here:
        wire = here.wire(*HOME)
        far = Far(uri="sip:+4930123456@198.51.100.1")
        text = far.request("INVITE", body=SDP).replace("sip:+36201112233@192.0.2.10", f"sip:alice@{REALM}")
        await here.give(text, wire)
        asked = challenge_in(wire)
        header = proof(asked, "INVITE", uri=far.uri)
        again = far.request("INVITE", body=SDP, headers=(header,), number=2)
        await here.give(again.replace("sip:+36201112233@192.0.2.10", f"sip:alice@{REALM}"), wire)
        assert wire.statuses()[-1] == 200
        invitation = here.exchange.calls[0].invitation
        assert invitation is not None
        assert invitation.peer == Peer(side=Side.PHONE, phone="alice")
        assert invitation.number == "+4930123456"


@pytest.mark.parametrize(
    ("change", "answered"),
    [
        ({"password": "wrong"}, 401),
        ({"user": "bob"}, 401),
        ({"count": 1}, 200),
    ],
)
@on_loop
async def test_only_the_right_proof_counts(change: dict[str, str], answered: int) -> None:
    async with edge(config=CONFIG) as here:
        wire = here.wire(*HOME)
        await here.give(register(), wire)
        asked = challenge_in(wire)
        await here.give(register(proof(asked, "REGISTER", **change), number=2), wire)  # type: ignore[arg-type]
        assert wire.statuses() == [answered]


@on_loop
async def test_a_proof_is_good_once() -> None:
    """A replayed nonce count is asked for again, and said to be stale."""
    async with edge(config=CONFIG) as here:
        wire = here.wire(*HOME)
        await here.give(register(), wire)
        header = proof(challenge_in(wire), "REGISTER")
        await here.give(register(header, number=2), wire)
        assert wire.statuses() == [200]
        await here.give(register(header, number=3), wire)
        assert challenge_in(wire)["stale"] == "true"


@on_loop
async def test_a_nonce_grows_old_and_belongs_to_one_host() -> None:
    async with edge(config=CONFIG) as here:
        wire, other = here.wire(*HOME), here.wire("203.0.113.66", 5060)
        await here.give(register(), wire)
        asked = challenge_in(wire)
        await here.give(register(proof(asked, "REGISTER"), number=2), other)
        assert challenge_in(other)["stale"] == "true"
        await here.clock.turn(301)
        await here.give(register(proof(asked, "REGISTER"), number=3), wire)
        assert challenge_in(wire)["stale"] == "true"


@on_loop
async def test_a_nonce_of_nobody_is_stale() -> None:
    async with edge(config=CONFIG) as here:
        wire = here.wire(*HOME)
        await here.give(register(proof({"nonce": "made-up", "algorithm": "MD5"}, "REGISTER")), wire)
        assert challenge_in(wire)["stale"] == "true"


@on_loop
async def test_whoever_is_not_known_is_asked_in_the_same_way() -> None:
    async with edge(config=CONFIG) as here:
        asked = []
        for user in ("alice", "nobody"):
            wire = here.wire(*HOME)
            await here.give(register(user=user), wire)
            found = challenge_in(wire)
            found.pop("nonce")
            asked.append(found)
        assert asked[0] == asked[1]


@on_loop
async def test_sha_256_is_asked_of_those_who_have_it() -> None:
    strong = Phone(
        phone=1,
        user="alice",
        ha1=ha1(MD5, "alice", REALM, "secret"),
        ha1_sha256=ha1(SHA256, "alice", REALM, "secret"),
    )
    async with edge(config=CONFIG.model_copy(update={"phones": (strong,)})) as here:
        wire = here.wire(*HOME)
        await here.give(register(), wire)
        asked = challenge_in(wire)
        assert asked["algorithm"] == "SHA-256"
        await here.give(register(proof(asked, "REGISTER"), number=2), wire)
        assert wire.statuses() == [200]
        await here.give(register(number=3), wire)
        weak = challenge_in(wire) | {"algorithm": "MD5"}
        await here.give(register(proof(weak, "REGISTER"), number=4), wire)
        assert wire.statuses() == [401]


@on_loop
async def test_what_is_asked_for_does_not_tell_who_is_known() -> None:
    """Where some prove it by SHA-256, names of no phone seem to be of both kinds, each always of the same."""
    strong = Phone(
        phone=2, user="bob", ha1=ha1(MD5, "bob", REALM, "secret"), ha1_sha256=ha1(SHA256, "bob", REALM, "secret")
    )
    phones = (phone_of("alice", "secret"), strong)
    async with edge(config=CONFIG.model_copy(update={"phones": phones})) as here:
        seen: dict[str, set[str]] = {}
        for count, user in enumerate([f"nobody-{number}" for number in range(32)] * 2):
            wire = here.wire(f"203.0.113.{count + 1}", 5060)
            await here.give(register(user=user), wire)
            seen.setdefault(user, set()).add(challenge_in(wire)["algorithm"])
        assert all(len(algorithms) == 1 for algorithms in seen.values())
        assert set.union(*seen.values()) == {"MD5", "SHA-256"}
        wire = here.wire("203.0.113.200", 5060)
        await here.give(register(user="nobody-1"), wire)
        header = proof(challenge_in(wire), "REGISTER", user="nobody-1")
        await here.give(register(header, user="nobody-1", number=2), wire)
        assert wire.statuses() == [401]


@on_loop
async def test_a_stranger_s_call_is_forbidden_and_its_address_banned() -> None:
    async with edge(config=CONFIG) as here:
        wire = here.wire("203.0.113.66", 5060)
        for _ in range(OFFENCES + 5):
            await here.give(Far().request("INVITE", body=SDP), wire)
        assert wire.statuses() == [403] * OFFENCES
        assert here.exchange.calls == []
        assert here.left == 0
        await here.clock.turn(601)
        await here.give(Far().request("INVITE", body=SDP), wire)
        assert wire.statuses() == [403]


@on_loop
async def test_a_scanner_s_question_has_no_answer() -> None:
    async with edge(config=CONFIG) as here:
        wire = here.wire("203.0.113.66", 5060)
        await here.give(Far().request("OPTIONS"), wire)
        await here.give(b"\x00\x01garbage", wire)
        assert wire.sent == []


@on_loop
async def test_one_forgotten_password_does_not_silence_an_office() -> None:
    async with edge(config=CONFIG) as here:
        wire, colleague = here.wire(*HOME), here.wire(HOME[0], 40002)
        await registered(here, wire)
        for number in range(OFFENCES + 3):
            await here.give(register(), colleague)
            asked = challenge_in(colleague)
            await here.give(register(proof(asked, "REGISTER", password="old"), number=number), colleague)
            colleague.took()
            await here.clock.turn(1)
        assert await registered(here, wire, number=9) == 200


@on_loop
async def test_a_trunk_that_must_prove_itself() -> None:
    trunk = trunk_of(1, "192.0.2.0/24", user="carrier", password="pw").model_copy(update={"challenge": True})
    async with edge(config=CONFIG.model_copy(update={"trunks": (trunk,)})) as here:
        far = Far()
        await here.give(far.request("INVITE", body=SDP))
        asked = challenge_in(here.wire())
        header = proof(asked, "INVITE", user="carrier", password="pw")
        await here.give(far.request("INVITE", body=SDP, headers=(header,), number=2))
        assert here.wire().statuses()[-1] == 200


@on_loop
async def test_a_trunk_known_by_its_proof_alone() -> None:
    trunk = trunk_of(2, user="carrier", password="pw")
    async with edge(config=CONFIG.model_copy(update={"trunks": (trunk,)})) as here:
        wire, far = here.wire("203.0.113.77", 5060), Far()
        await here.give(far.request("INVITE", body=SDP), wire)
        asked = challenge_in(wire)
        header = proof(asked, "INVITE", user="carrier", password="pw")
        await here.give(far.request("INVITE", body=SDP, headers=(header,), number=2), wire)
        assert wire.statuses()[-1] == 200
        invitation = here.exchange.calls[0].invitation
        assert invitation is not None
        assert invitation.peer == Peer(side=Side.TRUNK, trunk=2)


@on_loop
async def test_the_narrowest_network_names_the_trunk() -> None:
    trunks = (trunk_of(1, "192.0.2.0/24"), trunk_of(2, "192.0.2.10/32"))
    async with edge(config=CONFIG.model_copy(update={"trunks": trunks})) as here:
        await here.give(Far().request("INVITE", body=SDP))
        invitation = here.exchange.calls[0].invitation
        assert invitation is not None
        assert invitation.peer.trunk == 2


@on_loop
async def test_settings_are_taken_over_and_calls_go_on() -> None:
    async with edge(config=CONFIG) as here:
        wire = here.wire(*HOME)
        await registered(here, wire)
        far = Far()
        await here.give(far.request("INVITE", body=SDP))
        far.learn(here.wire().took())
        await here.give(far.request("ACK"))
        new: Config = CONFIG.model_copy(update={"phones": (), "trunks": (), "listen": ()})
        await here.side.reconfigure(new)
        assert here.side.reachable() == (frozenset(), frozenset())
        await here.give(Far().request("INVITE", body=SDP))
        assert here.wire().statuses() == [403]
        await here.give(far.next("BYE"))
        assert here.exchange.calls[0].ends == [200]


@on_loop
async def test_settings_that_are_none_change_nothing() -> None:
    async with edge(config=CONFIG) as here:
        with pytest.raises(ValueError, match="network"):
            await here.side.reconfigure(
                CONFIG.model_copy(update={"trunks": (trunk_of(1, "no network"),), "listen": ()})
            )
        await here.give(Far().request("INVITE", body=SDP))
        assert here.wire().statuses()[-1] == 200


@pytest.mark.parametrize("password", ["", "anything"])
@on_loop
async def test_a_password_that_is_not_known_yet_is_proved_by_nobody(password: str) -> None:
    """After a restart without the switchboard the settings stand without their secrets."""
    trunk = trunk_of(1, "192.0.2.0/24", user="carrier").model_copy(update={"challenge": True})
    phone = Phone(phone=1, user="alice", ha1="")
    async with edge(config=CONFIG.model_copy(update={"trunks": (trunk,), "phones": (phone,)})) as here:
        asked = {"nonce": "n", "algorithm": "MD5"}
        header = proof(asked, "INVITE", user="carrier", password=password)
        await here.give(Far().request("INVITE", body=SDP, headers=(header,)))
        assert here.wire().statuses() == [403]
        wire = here.wire(*HOME)
        await here.give(register(), wire)
        await here.give(register(proof(challenge_in(wire), "REGISTER", password=password), number=2), wire)
        assert wire.statuses() == [401]
