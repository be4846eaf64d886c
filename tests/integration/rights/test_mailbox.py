"""The mailbox for requests, in a real Dovecot: what comes in becomes a request once, and nothing stays behind."""

import imaplib
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import override_settings
from tests.companies import Company
from tests.dovecot import HOST, PASSWORD, Mailboxes, dovecot
from tests.requesting import LATER, happenings, officer, seen, somebody, take
from tests.unit.rights.test_request_mails import mail

from trustdesk.kernel.errors import BadInputError, NotFoundError, RefusedError
from trustdesk.kernel.ids import new_id
from trustdesk.rights import api as rights
from trustdesk.rights import mails
from trustdesk.rights.contracts import Channel, Happening, Kind, NewMailbox, Security, Taken


@pytest.fixture(scope="module")
def mailboxes() -> Iterator[Mailboxes]:
    with dovecot() as made:
        yield made


@pytest.fixture
def trusted(mailboxes: Mailboxes, monkeypatch: pytest.MonkeyPatch) -> Mailboxes:
    monkeypatch.setenv("SSL_CERT_FILE", str(mailboxes.roots))
    return mailboxes


@pytest.fixture
def user(north: Company, trusted: Mailboxes) -> str:
    """A mailbox of the test's own, and the company reads it."""
    name = f"rights-{new_id()}"
    rights.set_mailbox(north.context(), new=box(trusted, name), now=LATER)
    return name


@pytest.fixture(autouse=True)
def neighbors() -> Iterator[None]:
    """This machine counts as the own house."""
    with override_settings(TRUSTDESK_OUTSIDE_NETWORKS=["127.0.0.0/8", "::1/128"]):
        yield


def box(mailboxes: Mailboxes, user: str, **more: object) -> NewMailbox:
    new = NewMailbox(host=HOST, port=mailboxes.port, security=Security.TLS, user=user, password=PASSWORD)
    return replace(new, **more)  # type: ignore[arg-type]


def read(company: Company) -> int:
    return rights.read_mailbox(company.context(), now=LATER)


def outcomes(company: Company) -> list[tuple[Taken, str]]:
    return [(one.taken, one.reason) for one in reversed(rights.letters_taken(company.context()))]


def test_a_letter_becomes_a_request_and_leaves_the_mailbox(north: Company, trusted: Mailboxes, user: str) -> None:
    person = somebody(north)
    trusted.put(user, mail("Please erase all of it.", sender="Aino Mäkelä <aino@example.com>"))
    assert read(north) == 1
    assert trusted.held(user) == []
    (request,) = rights.requests(north.context(), now=LATER)
    assert (request.channel, request.kind) == (Channel.MAIL, Kind.ERASURE)
    assert (request.customer_id, request.proved) == (None, None), "the sender's address is on file, and nobody's proof"
    told = rights.whole(officer(north), request_id=request.request_id, now=LATER).told
    assert (told.name, told.reply_to) == ("Aino Mäkelä", "aino@example.com")
    assert told.words == "My data\n\nPlease erase all of it."
    assert read(north) == 0
    rights.suppose(north.context(), request_id=request.request_id, customer_id=person.id, now=LATER)


def test_a_letter_that_quotes_a_reference_is_added_to_its_request(
    north: Company, south: Company, trusted: Mailboxes, user: str
) -> None:
    received, foreign = take(north, Kind.ACCESS, somebody(north)), take(south)
    reference = f"{received.reference[:6]} {received.reference[6:]}"
    trusted.put(user, mail(f"About {reference}: and?"), mail(f"About {foreign.reference}: and?"))
    assert read(north) == 2
    assert happenings(north, received.request_id)[-1] == (Happening.REPEATED, "")
    assert seen(north, received.request_id).proved is None
    assert [one.taken for one in rights.letters_taken(north.context())] == [Taken.OPENED, Taken.ADDED]


def test_machines_are_not_answered_and_what_is_broken_is_parked(
    north: Company, trusted: Mailboxes, user: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mails, "LARGEST", 5_000)
    trusted.put(
        user,
        mail(Auto_Submitted="auto-replied"),
        mail(sender="rights@example.org"),
        b"From: a@example.com\r\nContent-Type: text/plain; charset=no-such\r\n\r\nHello",
        mail("x" * 6_000),
    )
    assert read(north) == 3
    assert outcomes(north) == [
        (Taken.IGNORED, "automatic"),
        (Taken.IGNORED, "own"),
        (Taken.PARKED, "unreadable"),
        (Taken.PARKED, "too-large"),
    ]
    assert (trusted.held(user), len(trusted.held(user, "Parked"))) == ([], 2)
    assert rights.requests(north.context(), now=LATER) == []
    assert rights.standing(north.context(), now=LATER).parked == 2


def test_what_has_attachments_stays_for_somebody_to_look_at(north: Company, trusted: Mailboxes, user: str) -> None:
    from email import message_from_bytes, policy  # noqa: PLC0415

    message = message_from_bytes(mail("See the form."), policy=policy.default)
    message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="form.pdf")
    trusted.put(user, message.as_bytes())
    assert read(north) == 1
    assert outcomes(north) == [(Taken.OPENED, "attachments")]
    assert (trusted.held(user), len(trusted.held(user, "Attachments"))) == ([], 1)


def test_killed_between_taking_and_putting_away_it_is_taken_once(
    north: Company, trusted: Mailboxes, user: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    trusted.put(user, mail())

    def killed(*_given: object) -> None:
        raise imaplib.IMAP4.abort("the connection is gone")

    with monkeypatch.context() as once:
        once.setattr("imap_tools.BaseMailBox.delete", killed)
        read(north)
    assert rights.mailbox(north.context()).fault == "connection"  # type: ignore[union-attr]
    assert len(trusted.held(user)) == 1
    assert read(north) == 1
    assert (len(rights.requests(north.context(), now=LATER)), trusted.held(user)) == (1, [])
    assert rights.mailbox(north.context()).fault == ""  # type: ignore[union-attr]


def test_by_starttls_too(north: Company, trusted: Mailboxes) -> None:
    name = f"rights-{new_id()}"
    new = box(trusted, name, port=trusted.starttls_port, security=Security.STARTTLS)
    rights.set_mailbox(north.context(), new=new, now=LATER)
    trusted.put(name, mail())
    assert read(north) == 1


@pytest.mark.parametrize(
    ("more", "trust", "fault"),
    [
        ({"password": "wrong"}, True, "sign-in"),
        ({}, False, "certificate"),
        ({"port": 9}, True, "connection"),
        ({"folder": "Nowhere"}, True, "folder"),
    ],
)
def test_what_goes_wrong_stands_on_the_mailbox(
    north: Company,
    mailboxes: Mailboxes,
    monkeypatch: pytest.MonkeyPatch,
    more: dict[str, object],
    *,
    trust: bool,
    fault: str,
) -> None:
    if trust:
        monkeypatch.setenv("SSL_CERT_FILE", str(mailboxes.roots))
    rights.set_mailbox(north.context(), new=box(mailboxes, f"rights-{new_id()}", **more), now=LATER)
    assert read(north) == 0
    held = rights.mailbox(north.context())
    assert held is not None
    assert (held.fault, held.failing_since, held.read_at) == (fault, LATER, None)
    assert rights.standing(north.context(), now=LATER + timedelta(hours=2)).failing


def test_it_is_tried_without_reading_a_letter(north: Company, trusted: Mailboxes, user: str) -> None:
    rights.set_mailbox(north.context(), new=box(trusted, user, folder="Nowhere", password=PASSWORD), now=LATER)
    assert rights.try_mailbox(north.context(), now=LATER).fault == "folder"
    rights.set_mailbox(north.context(), new=box(trusted, user), now=LATER)
    trusted.put(user, mail())
    tried = rights.try_mailbox(north.context(), now=LATER)
    assert (tried.fault, tried.failing_since, tried.read_at) == ("", None, None)
    assert len(trusted.held(user)) == 1
    assert read(north) == 1


def test_another_folder_is_read_and_the_inbox_left_alone(north: Company, trusted: Mailboxes, user: str) -> None:
    rights.set_mailbox(north.context(), new=box(trusted, user, folder="Pyynnöt"), now=LATER)
    trusted.put(user, mail("An invoice."))
    trusted.put(user, mail("Please erase all of it."), folder="Pyynnöt")
    assert read(north) == 1
    assert (len(trusted.held(user)), trusted.held(user, "Pyynnöt")) == (1, [])


@pytest.mark.parametrize("folder", ["Parked", " Attachments ", " ", "A\nB"])
def test_a_folder_that_letters_are_put_away_into_is_not_read(
    north: Company, trusted: Mailboxes, user: str, folder: str
) -> None:
    with pytest.raises(BadInputError):
        rights.set_mailbox(north.context(), new=box(trusted, user, folder=folder), now=LATER)


def test_a_paused_one_is_left_alone_until_it_is_taken_up_again(north: Company, trusted: Mailboxes, user: str) -> None:
    rights.set_mailbox(north.context(), new=box(trusted, user, folder="Nowhere"), now=LATER)
    read(north)
    later = LATER + timedelta(hours=2)
    assert rights.standing(north.context(), now=later).failing
    rights.pause_mailbox(north.context(), now=LATER)
    assert not rights.standing(north.context(), now=later).failing, "nobody wants it read"
    rights.set_mailbox(north.context(), new=box(trusted, user), now=LATER)
    trusted.put(user, mail())
    assert (read(north), len(trusted.held(user))) == (0, 1)
    rights.resume_mailbox(north.context())
    assert (read(north), trusted.held(user)) == (1, [])


def test_what_was_found_of_another_mailbox_is_not_said_of_the_new_one(
    north: Company, trusted: Mailboxes, user: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody corrects the settings while the old place is being waited for."""

    def corrected(*_given: object, **_more: object) -> None:
        rights.set_mailbox(north.context(), new=box(trusted, user), now=LATER + timedelta(minutes=1))
        raise OSError

    with monkeypatch.context() as once:
        once.setattr("trustdesk.rights.services.mailboxes.Post", corrected)
        read(north)
    assert rights.mailbox(north.context()).fault == ""  # type: ignore[union-attr]


def test_a_server_in_the_own_house_is_read_only_where_its_net_is_named(
    north: Company, trusted: Mailboxes, user: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever sets a mailbox names a place that the machine reaches and they may not."""
    trusted.put(user, mail())
    called: list[object] = []
    monkeypatch.setattr("socket.create_connection", lambda *place, **_more: called.append(place))
    with override_settings(TRUSTDESK_OUTSIDE_NETWORKS=["10.0.0.0/8"]):
        assert read(north) == 0
    assert called == [], "it is not even knocked at"
    assert rights.mailbox(north.context()).fault == "not-allowed"  # type: ignore[union-attr]
    monkeypatch.undo()
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted.roots))
    assert read(north) == 1


def test_a_password_is_not_handed_to_another_server(north: Company, trusted: Mailboxes, user: str) -> None:
    rights.set_mailbox(north.context(), new=box(trusted, user, password=""), now=LATER)
    with pytest.raises(BadInputError):
        rights.set_mailbox(north.context(), new=box(trusted, user, password="", host="evil.example"), now=LATER)
    trusted.put(user, mail())
    assert read(north) == 1


def test_who_may_not_sets_and_sees_none(north: Company, south: Company, trusted: Mailboxes, user: str) -> None:
    nobody = replace(north.context(), operations=frozenset())
    for act in (
        lambda: rights.set_mailbox(nobody, new=box(trusted, user), now=LATER),
        lambda: rights.try_mailbox(nobody, now=LATER),
        lambda: rights.pause_mailbox(nobody, now=LATER),
        lambda: rights.resume_mailbox(nobody),
        lambda: rights.remove_mailbox(nobody),
        lambda: rights.mailbox(nobody),
        lambda: rights.letters_taken(nobody),
        lambda: rights.take_mail(nobody, raw=mail(), now=LATER),
    ):
        with pytest.raises(RefusedError):
            act()
    assert rights.mailbox(south.context()) is None
    rights.remove_mailbox(north.context())
    with pytest.raises(NotFoundError):
        read(north)
