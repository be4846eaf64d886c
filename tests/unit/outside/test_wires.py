"""Which addresses may be called: the open Internet, and nets of the own house that the settings name."""

import ipaddress

import pytest
from django.test import override_settings

from trustdesk.outside.contracts import Fault
from trustdesk.outside.faults import OutsideError
from trustdesk.outside.wires import addresses, allowed


@pytest.mark.parametrize(
    ("address", "nets", "may"),
    [
        ("9.9.9.9", [], True),
        ("2620:fe::fe", [], True),
        ("10.1.2.3", [], False),
        ("10.1.2.3", ["10.0.0.0/8"], True),
        ("10.1.2.3", ["10.2.0.0/16"], False),
        ("127.0.0.1", [], False),
        ("::1", [], False),
        ("::ffff:10.1.2.3", [], False),
        ("64:ff9b::a01:203", [], False),
        ("169.254.169.254", [], False),
        ("169.254.169.254", ["0.0.0.0/0"], False),
        ("169.254.169.254", ["169.254.169.254/32"], True),
        ("fe80::1", ["::/0"], False),
        ("224.0.0.1", [], False),
        ("0.0.0.0", [], False),  # noqa: S104 - not listened at
    ],
)
def test_who_may_be_called(address: str, nets: list[str], may: bool) -> None:  # noqa: FBT001 - a case
    with override_settings(TRUSTDESK_OUTSIDE_NETWORKS=nets):
        assert allowed(ipaddress.ip_address(address)) is may


def test_in_clear_nobody_is_called_over_the_open_internet() -> None:
    assert addresses("9.9.9.9", 80)
    with pytest.raises(OutsideError) as told:
        addresses("9.9.9.9", 80, clear=True)
    assert told.value.fault is Fault.NOT_ALLOWED
