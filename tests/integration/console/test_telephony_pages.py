"""How a company is called, on its pages: set by an administrator, seen by those who may, closed to the neighbor."""

import secrets
from collections.abc import Mapping

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from tests.integration.announcements.test_notices import recording
from tests.surfaces import elevated, neighbor, seated, signed_in
from tests.world import World

from trustdesk.announcements import api as announcements
from trustdesk.kernel.ids import new_id, to_public
from trustdesk.telephony import api as telephony
from trustdesk.telephony.contracts import Reach

QUEUE = {
    "name_fi": "Asiakaspalvelu",
    "time_zone": "Europe/Helsinki",
    "country": "fi",
    "closed_on_holidays": "on",
    "wrap_up_seconds": "30",
    "service_level_seconds": "20",
    "longest_wait_seconds": "1800",
    "overflow": "stay",
    "overflow_after_seconds": "300",
    "day_0": "8-12, 13:30–17",  # noqa: RUF001 - as people write it
    "day_6": "22-6",
}


def administrator(committed: World) -> Client:
    return elevated(seated(committed.manager_north, committed.north), committed.manager_north)


def with_queue(client: Client, **more: str) -> str:
    """A queue of its own; its code."""
    code = f"q{new_id()}"
    answer = client.post(reverse("console:new-queue"), QUEUE | {"code": code} | more)
    assert answer.status_code == 302, answer.content.decode()
    return code


def with_number(client: Client, queue: str, **more: str) -> str:
    """A number of its own; its digits."""
    digits = f"35894242{secrets.randbelow(9000) + 1000}"
    given = {
        "e164": f"+{digits}",
        "label": "Pohjolan Sähkö",
        "queue": queue,
        "language": "fi",
        "country": "FI",
        "sector": "general",
        "notice": "main",
        "purpose_fi": "Asiakaspalvelu",
        "answers": "on",
    }
    answer = client.post(reverse("console:new-number"), given | more)
    assert answer.status_code == 302, answer.content.decode()
    return digits


def parts(client: Client, code: str) -> dict[str, str]:
    """The parts that the page begins a notice with."""
    shown = client.get(reverse("console:call-notice", args=[code, "fi"]))
    form = shown.context["form"]
    return {field.html_name: field.initial for field in form.parts} | {"recorded": "yes", "sector": "general"}


def test_from_nothing_to_a_number_that_is_recorded(committed: World) -> None:
    client = administrator(committed)
    queue, code = with_queue(client), f"n{new_id()}"
    context = committed.system(committed.north, "service")
    held = telephony.queue(context, queue)
    assert [f"{opens:%H:%M}-{closes:%H:%M}" for opens, closes in held.week[0]] == ["08:00-12:00", "13:30-17:00"]
    assert (held.country, len(held.week[6]), held.week[5]) == ("FI", 1, [])
    given = parts(client, code)
    saved = client.post(reverse("console:call-notice", args=[code, "fi"]), given)
    assert saved.status_code == 302, saved.content.decode()
    number = with_number(client, queue)  # its notice is another one: of this code there is none
    page = client.get(reverse("console:number", args=[number])).content.decode()
    if announcements.notice(context, "main", "fi") is None:
        assert "nothing is recorded" in page
    telephony_number = telephony.number(context, f"+{number}")
    assert telephony_number.purposes == {"fi": "Asiakaspalvelu"}
    shown = client.get(reverse("console:call-notice", args=[code, "fi"])).content.decode()
    assert given["part_further_use"] in shown
    version = announcements.notice(context, code, "fi")
    assert version is not None
    sound = client.get(reverse("console:call-notice-sound", args=[version.version]))
    assert sound.headers["Content-Type"] == "audio/wav"
    assert sound.content[:4] == b"RIFF"


def test_a_part_that_is_missing_is_said_beside_it(committed: World) -> None:
    client, code = administrator(committed), f"n{new_id()}"
    given = parts(client, code)
    answer = client.post(reverse("console:call-notice", args=[code, "fi"]), given | {"part_kept": "-"})
    assert answer.status_code == 422
    assert "A part of the notice is missing." in str(answer.context["form"].errors["part_kept"])
    answer = client.post(reverse("console:call-notice", args=[code, "fi"]), given | {"text": "Hei."})
    assert answer.status_code == 422
    assert announcements.notice(committed.system(committed.north), code, "fi") is None


def test_a_recording_of_ones_own_is_uploaded_and_confirmed(committed: World) -> None:
    client, code = administrator(committed), f"n{new_id()}"
    given: dict[str, object] = dict(parts(client, code))

    def upload() -> dict[str, object]:
        return given | {"upload": SimpleUploadedFile("own.wav", recording(), "audio/wav")}

    address = reverse("console:call-notice", args=[code, "fi"])
    assert client.post(address, upload()).status_code == 422
    elements = [name.removeprefix("part_") for name in given if name.startswith("part_")]
    assert client.post(address, upload() | {"confirmed": elements}).status_code == 302
    held = announcements.notice(committed.system(committed.north), code, "fi")
    assert held is not None
    assert held.made == "uploaded"
    assert "your recording" in client.get(address).content.decode()


def test_what_does_not_fit_is_said_at_its_field(committed: World) -> None:
    client = administrator(committed)
    wrong: Mapping[str, tuple[dict[str, str], str]] = {
        "hours": ({"day_0": "8 to 12"}, "day_0"),
        "no such hour": ({"day_0": "25-26"}, "day_0"),
        "overlap": ({"day_0": "8-12, 11-13"}, "day_0"),
        "zone": ({"time_zone": "Helsinki"}, "time_zone"),
        "alarm": ({"alarm_seconds": "1"}, "alarm_seconds"),
        "overflow": ({"overflow": "queue"}, "overflow_queue"),
    }
    for more, place in wrong.values():
        answer = client.post(reverse("console:new-queue"), QUEUE | {"code": f"q{new_id()}"} | more)
        assert answer.status_code == 422
        assert place in answer.context["form"].errors, more
    queue = with_queue(client)
    menu = {"code": f"m{new_id()}", "otherwise": queue, "wait_seconds": "8", "key_0": "1", "queue_0": queue}
    twice = client.post(reverse("console:new-menu"), menu | {"key_1": "1", "queue_1": queue})
    assert "key_1" in twice.context["form"].errors
    assert client.post(reverse("console:new-menu"), menu | {"person_0": "on"}).status_code == 302
    looser = client.post(
        reverse("console:new-number"),
        {
            "e164": "+3589424200",
            "label": "x",
            "queue": queue,
            "language": "fi",
            "country": "FI",
            "sector": "general",
            "keep_days": "91",
            "purpose_fi": "x",
        },
    )
    assert looser.status_code == 422
    assert "e164" in looser.context["form"].errors or "keep_days" in str(looser.content.decode())


def test_open_all_day_is_shown_as_it_is_typed_and_never_ends(committed: World) -> None:
    client = administrator(committed)
    code = with_queue(client, closed_on_holidays="", **{f"day_{day}": "0-24" for day in range(7)})
    form = client.get(reverse("console:queue", args=[code])).content.decode()
    assert 'value="0-24"' in form
    assert 'value="00:00-00:00"' not in form
    (row,) = [one for one in client.get(reverse("console:queues")).context["rows"] if one[0].code == code]
    assert row[2:4] == (True, None)


def test_how_long_it_is_kept_stands_in_the_readers_language(committed: World) -> None:
    client = administrator(committed)
    address = reverse("console:call-notice", args=[f"n{new_id()}", "fi"])
    kept = [client.get(address, headers={"Accept-Language": one}).context["keep"] for one in ("en", "de", "fi")]
    assert len(set(kept)) == 3, kept


def test_a_number_is_taken_away_and_then_its_queue(committed: World) -> None:
    client = administrator(committed)
    queue = with_queue(client)
    number = with_number(client, queue)
    assert client.post(reverse("console:remove-queue", args=[queue])).status_code == 409
    assert client.post(reverse("console:remove-number", args=[number])).status_code == 302
    assert client.post(reverse("console:remove-queue", args=[queue])).status_code == 302
    assert client.get(reverse("console:queue", args=[queue])).status_code == 404


def test_a_supervisor_gives_skills_and_changes_nothing_else(committed: World) -> None:
    queue = with_queue(administrator(committed))
    client = elevated(seated(committed.supervisor_north, committed.north), committed.supervisor_north)
    page = client.get(reverse("console:skills"))
    names = [name for _who, agent, fields in page.context["rows"] for name, code, _level in fields if code == queue]
    others = {
        name: str(level)
        for _who, _agent, fields in page.context["rows"]
        for name, _code, level in fields
        if level != ""
    }
    assert client.post(reverse("console:skills"), others | {names[0]: "70"}).status_code == 302
    held = telephony.agents_for(committed.system(committed.north), queue)
    assert [level for _operator, level in held] == [70]
    assert client.post(reverse("console:skills"), others | {names[0]: "seventy"}).status_code == 422
    assert client.post(reverse("console:skills"), others | {names[0]: "101"}).status_code == 422
    assert telephony.agents_for(committed.system(committed.north), queue) == held
    assert client.post(reverse("console:new-queue"), QUEUE | {"code": "taken"}).status_code == 403
    assert client.post(reverse("console:destinations"), {"countries": "FI"}).status_code == 403


def test_without_an_elevated_session_nothing_is_changed(committed: World) -> None:
    client = seated(committed.manager_north, committed.north)
    assert client.post(reverse("console:new-queue"), QUEUE | {"code": "plain"}).status_code == 403
    assert "This needs an elevated session." in client.get(reverse("console:new-queue")).content.decode()


def test_destinations_are_read_as_people_write_them(committed: World) -> None:
    client = administrator(committed)
    given = {"countries": "fi, HU", "prefixes": "+431 +4420", "closed": "", "per_agent_day": "50"}
    assert client.post(reverse("console:destinations"), given).status_code == 302
    held = telephony.reach_of(committed.system(committed.north))
    assert held == Reach(countries=frozenset({"FI", "HU"}), prefixes=("+431", "+4420"), per_agent_day=50)
    assert client.post(reverse("console:destinations"), given | {"prefixes": "0036"}).status_code == 422


def test_a_neighbor_sees_none_of_it(committed: World) -> None:
    client = administrator(committed)
    queue = with_queue(client)
    number = with_number(client, queue)
    next_door = seated(neighbor(committed), committed.south)
    assert next_door.get(reverse("console:queue", args=[queue])).status_code == 404
    assert next_door.get(reverse("console:number", args=[number])).status_code == 404
    for name in ("numbers", "queues", "skills"):
        assert queue not in next_door.get(reverse(f"console:{name}")).content.decode()


def test_the_exchange_is_the_administrators(committed: World) -> None:
    client = elevated(signed_in(committed.admin), committed.admin)
    user = f"p{secrets.token_hex(4)}"
    given = {"user": user, "operator": to_public(committed.officer_north.id), "label": "Room 1"}
    made = client.post(reverse("console:phones"), given)
    secret = made.context["made"].password
    assert secret in made.content.decode()
    assert made.headers["Cache-Control"].startswith("max-age=0")
    assert secret not in client.get(reverse("console:phones")).content.decode()
    phone = next(one for one in telephony.phones(by=None) if one.user == user)
    again = client.post(reverse("console:reset-phone", args=[phone.phone_id]))
    assert again.context["made"].password not in {secret, ""}
    assert client.post(reverse("console:remove-phone", args=[phone.phone_id])).status_code == 302
    trunk = {"name": user, "addresses": "198.51.100.0/30\n2001:db8:7::/48", "target": "sip:sip.example.com"}
    saved = client.post(reverse("console:trunks"), trunk)
    assert saved.status_code == 302, saved.content.decode()
    refused = client.post(reverse("console:trunks"), trunk | {"name": f"{user}x"})
    assert "addresses" in refused.context["form"].errors
    assert client.post(saved["Location"] + "remove/").status_code == 302
    edge = client.post(reverse("console:edge"), {"listen": "udp here", "realm": "x"})
    assert "listen" in edge.context["form"].errors
    for person in (committed.manager_north, committed.supervisor_north):
        other = elevated(seated(person, committed.north), person)
        for name in ("phones", "trunks", "edge"):
            assert other.get(reverse(f"console:{name}")).status_code == 403
