"""Hours on the wall clock of the person: product default and codes, holidays, midnight, and the two nights a year
when the clock jumps."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from tests.decisions import packs

from trustdesk.decision import api
from trustdesk.decision.contracts import Channel, Packs, Place, Policy, PurposeKind

BERLIN, HELSINKI = ZoneInfo("Europe/Berlin"), ZoneInfo("Europe/Helsinki")
DE, BAVARIA = Place(frozenset({"DE"})), Place(frozenset({"DE"}), "BY")
WEEK = "{monday: %s, tuesday: %s, wednesday: %s, thursday: %s, friday: %s, saturday: %s, sunday: %s}"


def open_at(
    local: datetime,
    place: Place = DE,
    *,
    policy: Policy = api.NO_POLICY,
    channel: Channel = Channel.CALL_HUMAN,
    kind: PurposeKind = PurposeKind.MARKETING,
    over: Packs | None = None,
) -> bool | None:
    return api.inside_window(over or packs(), policy, place=place, channel=channel, purpose_kind=kind, at=local)


def opening(local: datetime, place: Place = DE, policy: Policy = api.NO_POLICY, over: Packs | None = None) -> str:
    found = api.next_opening(
        over or packs(),
        policy,
        place=place,
        channel=Channel.CALL_HUMAN,
        purpose_kind=PurposeKind.MARKETING,
        at=local,
    )
    return found.astimezone(local.tzinfo).isoformat(timespec="minutes") if found else ""


def closing(local: datetime, place: Place = DE, over: Packs | None = None) -> str:
    found = api.window_changes_at(
        over or packs(),
        api.NO_POLICY,
        place=place,
        channel=Channel.CALL_HUMAN,
        purpose_kind=PurposeKind.MARKETING,
        at=local,
    )
    return found.astimezone(local.tzinfo).isoformat(timespec="minutes") if found else ""


def berlin(text: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN, fold=fold)


def synthetic(folder: Path, week: str, zones: str = "[Europe/Berlin]", holiday: str = "as_weekday") -> Packs:
    """The packs with one window only, in Germany."""
    for name in ("eu", "de"):
        text = (api.RULEPACKS / f"{name}.yaml").read_text()
        head, _, rest = text.partition("\nwindows:\n")
        tail = rest[rest.index("\n\nattempts:") :]
        if name == "de":
            head = head.replace("time_zones: [Europe/Berlin]", f"time_zones: {zones}")
            every = WEEK % ((week,) * 7)
            window = (
                f"- {{id: DE-TEST, channels: [call_human], binding: statute, week: {every}, public_holiday: {holiday},"
            )
            window += " statute: {text: test, source: M}, as_of: 2026-01-01, confidence: low, attested_by: null}"
            head += f"\nwindows:\n{window}"
        (folder / f"{name}.yaml").write_text(head + tail)
    return api.load_packs(folder)


@pytest.mark.parametrize(
    ("local", "inside"),
    [
        ("2026-11-23T08:59:59", False),
        ("2026-11-23T09:00", True),
        ("2026-11-23T18:59:59", True),
        ("2026-11-23T19:00", False),
        ("2026-11-28T09:59", False),
        ("2026-11-28T10:00", True),
        ("2026-11-28T16:00", False),
        ("2026-11-29T12:00", False),
        ("2026-12-25T12:00", False),
    ],
)
def test_product_default_hours(local: str, inside: bool) -> None:  # noqa: FBT001
    """Monday to Friday 9 to 19, Saturday 10 to 16, never on Sundays and public holidays."""
    assert open_at(berlin(local)) is inside
    assert open_at(berlin(local), channel=Channel.EMAIL) is True, "hours are for calls"
    assert open_at(berlin(local), kind=PurposeKind.CONTRACT) is True, "and for advertising and polls"


def test_the_clock_is_that_of_the_person() -> None:
    at = datetime(2026, 11, 23, 17, 30, tzinfo=UTC)
    assert open_at(at, DE) is True  # 18:30
    assert open_at(at, Place(frozenset({"FI"}))) is False  # 19:30
    assert open_at(at, Place(frozenset({"DE", "FI"}))) is False, "every country that counts"
    assert open_at(at, Place(frozenset({"DE", "SE"}))) is None
    assert open_at(at, Place(frozenset())) is None


def test_branchenkodex_hours_bind_who_adopts_the_code() -> None:
    """CCV/DDV Branchenkodex (2015): Monday to Friday 8 to 20, Saturday 9 to 18, not on Sundays and holidays."""
    code = packs().by_jurisdiction["DE"].windows[0]
    assert [[(h.opens.hour, h.closes.hour) for h in day] for day in code.week] == [[(8, 20)]] * 5 + [[(9, 18)], []]
    assert code.public_holiday == ()
    adopting = api.parse_policy("as_of: 2026-11-22\nadopts: [DE-HOURS-CODE]\n", packs())
    for hour in range(24):
        local = berlin(f"2026-11-23T{hour:02}:00")
        assert open_at(local, policy=adopting) is open_at(local), "the product's default is stricter"


def test_kkv_public_holidays_without_numbered_hours() -> None:
    """KKV: not on public holidays, late in the evening, early in the morning; no hours are named."""
    guidance = packs().by_jurisdiction["FI"].windows[0]
    assert guidance.public_holiday == ()
    assert all(day[0].opens == day[0].closes for day in guidance.week)
    independence = datetime(2027, 12, 6, 12, tzinfo=HELSINKI)
    assert open_at(independence, Place(frozenset({"FI"}))) is False


@pytest.mark.parametrize(
    ("day", "region", "inside"),
    [
        ("2026-10-31", "BY", True),  # Reformation Day, Saturday
        ("2026-10-31", "SN", False),
        ("2026-10-31", "", False),
        ("2026-11-18", "BY", True),  # Repentance and Prayer Day, Saxony alone
        ("2026-11-18", "SN", False),
        ("2026-11-18", "", False),
        ("2026-06-04", "BY", False),  # Corpus Christi
        ("2026-06-04", "HH", True),
        ("2026-06-04", "SN", False),  # in some of its communities
        ("2026-06-04", "ZZ", False),  # a region nobody knows is as one that was not said
        ("2028-08-15", "BY", False),  # Assumption Day, in most communities
        ("2028-08-15", "BE", True),
        ("2026-05-01", "HH", False),
    ],
)
def test_holidays_of_the_land(day: str, region: str, inside: bool) -> None:  # noqa: FBT001
    assert open_at(berlin(f"{day}T12:00"), Place(frozenset({"DE"}), region)) is inside


@pytest.mark.parametrize(
    ("country", "holiday", "zone"),
    [
        ("HU", "2026-10-23", "Europe/Budapest"),
        ("PL", "2026-11-11", "Europe/Warsaw"),
        ("AT", "2026-10-26", "Europe/Vienna"),
        ("FI", "2026-06-19", "Europe/Helsinki"),
        ("FI", "2026-06-09", "Europe/Mariehamn"),  # Åland's own, where nobody knows whether the person lives there
    ],
)
def test_holidays_of_the_country(country: str, holiday: str, zone: str) -> None:
    noon = datetime.fromisoformat(f"{holiday}T12:00").replace(tzinfo=ZoneInfo(zone))
    assert open_at(noon, Place(frozenset({country}))) is False
    assert open_at(noon + timedelta(days=7), Place(frozenset({country}))) is True


def test_with_two_countries_a_region_belongs_to_neither() -> None:
    day = berlin("2026-11-18T12:00")
    assert open_at(day, BAVARIA) is True
    assert open_at(day, Place(frozenset({"DE", "AT"}), "BY")) is False


@pytest.mark.parametrize(
    ("local", "expected"),
    [
        ("2026-11-23T10:00", "2026-11-23T10:00+01:00"),
        ("2026-11-23T19:00", "2026-11-24T09:00+01:00"),
        ("2026-11-28T16:00", "2026-11-30T09:00+01:00"),
        ("2026-12-24T19:00", "2026-12-28T09:00+01:00"),  # Friday and Saturday are Christmas
        ("2026-03-28T16:00", "2026-03-30T09:00+02:00"),  # over the night of the jump
        ("2028-02-28T20:00", "2028-02-29T09:00+01:00"),  # leap day
    ],
)
def test_the_next_opening(local: str, expected: str) -> None:
    assert opening(berlin(local), BAVARIA) == expected


def test_when_it_closes() -> None:
    assert closing(berlin("2026-11-23T10:00")) == "2026-11-23T19:00+01:00"
    assert closing(berlin("2026-11-23T19:00")) == "2026-11-24T09:00+01:00"
    assert closing(berlin("2026-11-23T10:00"), Place(frozenset({"SE"}))) == ""


def test_a_window_over_midnight(tmp_path: Path) -> None:
    over = synthetic(tmp_path, '["22:00-02:00"]')
    inside = [hour for hour in range(24) if open_at(berlin(f"2026-11-24T{hour:02}:00"), over=over)]
    assert inside == [0, 1, 22, 23]
    assert closing(berlin("2026-11-24T23:00"), over=over) == "2026-11-25T02:00+01:00"


def test_a_window_over_midnight_belongs_to_the_day_it_began(tmp_path: Path) -> None:
    over = synthetic(tmp_path, '["22:00-02:00"]', holiday="[]")
    assert open_at(berlin("2026-12-25T01:00"), over=over) is True  # of the 24th
    assert open_at(berlin("2026-12-25T23:00"), over=over) is False
    assert open_at(berlin("2026-12-27T01:00"), over=over) is False  # of the 26th


def test_the_whole_day_and_no_day(tmp_path: Path) -> None:
    whole = synthetic(tmp_path, '["00:00-00:00"]')
    assert all(open_at(berlin(f"2026-11-24T{hour:02}:00"), over=whole) for hour in range(24))
    assert closing(berlin("2026-11-24T23:00"), over=whole) == ""
    never = synthetic(tmp_path, "[]")
    assert opening(berlin("2026-11-24T23:00"), over=never) == ""


def test_an_hour_that_does_not_come(tmp_path: Path) -> None:
    """On 29 March 2026 the clock goes from 2:00 to 3:00: what opens at 2:30 opens at 3:00."""
    over = synthetic(tmp_path, '["02:30-04:00"]')
    assert opening(berlin("2026-03-29T00:00"), over=over) == "2026-03-29T03:00+02:00"
    assert closing(berlin("2026-03-29T03:00"), over=over) == "2026-03-29T04:00+02:00"
    over = synthetic(tmp_path, '["01:00-02:30"]')
    assert closing(berlin("2026-03-29T01:30"), over=over) == "2026-03-29T03:00+02:00"


def test_an_hour_that_comes_twice(tmp_path: Path) -> None:
    """On 25 October 2026 the hour from 2:00 to 3:00 comes twice: the wall clock decides, both times."""
    over = synthetic(tmp_path, '["02:15-02:30"]')
    assert open_at(berlin("2026-10-25T02:20"), over=over) is True
    assert open_at(berlin("2026-10-25T02:20", fold=1), over=over) is True
    assert closing(berlin("2026-10-25T02:20"), over=over) == "2026-10-25T02:30+02:00"
    assert opening(berlin("2026-10-25T02:40"), over=over) == "2026-10-25T02:15+01:00"


def test_of_several_time_zones_the_strictest(tmp_path: Path) -> None:
    over = synthetic(tmp_path, '["09:00-19:00"]', zones="[Europe/Berlin, Atlantic/Azores]")
    assert open_at(datetime(2026, 11, 24, 9, 59, tzinfo=UTC), over=over) is False  # 8:59 on the Azores
    assert open_at(datetime(2026, 11, 24, 10, 0, tzinfo=UTC), over=over) is True
    assert open_at(datetime(2026, 11, 24, 18, 0, tzinfo=UTC), over=over) is False  # 19:00 in Berlin


def test_a_window_that_has_not_begun(tmp_path: Path) -> None:
    folder = tmp_path / "packs"
    folder.mkdir()
    synthetic(folder, '["09:00-10:00"]')
    path = folder / "de.yaml"
    path.write_text(path.read_text().replace("{id: DE-TEST,", "{id: DE-TEST, valid_from: 2026-11-25,"))
    over = api.load_packs(folder)
    assert open_at(berlin("2026-11-24T23:00"), over=over) is True
    assert closing(berlin("2026-11-24T23:00"), over=over) == "2026-11-25T00:00+01:00"
    assert opening(berlin("2026-11-25T00:00"), over=over) == "2026-11-25T09:00+01:00"


@pytest.mark.parametrize("country", ["HU", "FI", "PL", "DE", "AT"])
def test_the_next_opening_is_the_first(country: str) -> None:
    """Held against every quarter of an hour of ten weeks with Christmas and both Easters of the clock."""
    place = Place(frozenset({country}))
    at = datetime(2026, 3, 20, 0, 0, tzinfo=UTC)
    for _ in range(12):
        found = api.next_opening(
            packs(),
            api.NO_POLICY,
            place=place,
            channel=Channel.CALL_HUMAN,
            purpose_kind=PurposeKind.MARKETING,
            at=at,
        )
        assert found is not None
        step = at
        while step < found:
            assert open_at(step, place) is False
            step += timedelta(minutes=15)
        assert open_at(found, place) is True
        at = found + timedelta(hours=11)
