"""The mailbox for requests in words: how it stands, what is wrong with its mend, what became of a letter."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from trustdesk.rights.contracts import Mailbox, Taken

TONES: Mapping[Taken, str] = {
    Taken.OPENED: "good",
    Taken.ADDED: "good",
    Taken.IGNORED: "plain",
    Taken.PARKED: "warn",
}


def standing_of(held: Mailbox) -> tuple[str, str]:
    """How it stands, and its tone."""
    if held.paused_at is not None:
        return _("paused"), "warn"
    if held.fault:
        return _("does not work"), "bad"
    if held.read_at is None:
        return _("not read yet"), "plain"
    return _("works"), "good"


def fault_words(fault: str) -> tuple[str, str]:
    """What is wrong, and the mend; both empty where nothing is."""
    return {
        "sign-in": (
            _("It refuses user or password."),
            _("Give the password anew, or ask who runs the mail server whether IMAP is allowed for this user."),
        ),
        "certificate": (
            _("It is not who it should be: its certificate is not good for this host."),
            _("Ask who runs the mail server; nothing was told to it."),
        ),
        "connection": (
            _("Nobody answers there, or not as a mailbox does."),
            _("See whether host, port, encryption and firewall are right; it is tried again every five minutes."),
        ),
        "not-allowed": (
            _("Its address may not be called from here."),
            _("An address of the own house has to lie in a net that `outside_networks` in settings.toml names."),
        ),
        "folder": (
            _("There is no such folder in it, or this user may not open it."),
            _("Correct the folder, as the mail server writes it."),
        ),
    }.get(fault, ("", ""))


def taken_label(taken: Taken) -> str:
    return {
        Taken.OPENED: _("became a request"),
        Taken.ADDED: _("added to a request"),
        Taken.IGNORED: _("ignored"),
        Taken.PARKED: _("put away unread"),
    }[taken]


def reason_label(reason: str) -> str:
    """Why; a code without words is shown as it is."""
    labels = {
        "attachments": _("its attachments lie in the folder Attachments"),
        "automatic": _("an automatic answer or a report"),
        "list": _("a mailing list"),
        "own": _("the company's own address"),
        "too-large": _("too large"),
        "unreadable": _("it can't be read"),
        "no-sender": _("it names no sender"),
        "empty": _("nothing stands in it"),
    }
    return labels.get(reason, reason)
