"""Connected systems in words: kinds, deeds, states, and what is wrong with its mend."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from trustdesk.outside.contracts import ConnectorView, Fate, Fault, Kind, State, Verb

TONES: Mapping[State, str] = {State.DONE: "good", State.AGAIN: "warn", State.STUCK: "bad"}


def kind_label(kind: Kind) -> str:
    return {
        Kind.SQL: _("Database"),
        Kind.HTTP: _("Interface (HTTP)"),
        Kind.CSV: _("Files (CSV over SFTP)"),
        Kind.IMAP: _("Mailbox (IMAP)"),
        Kind.S3: _("Bucket (S3)"),
    }[kind]


def kind_words(kind: Kind) -> str:
    return {
        Kind.SQL: _("PostgreSQL or MariaDB, with the tables and columns that you name."),
        Kind.HTTP: _("A shop or CRM that speaks JSON, with the questions that you name."),
        Kind.CSV: _("Lists on a file server, rewritten line by line."),
        Kind.IMAP: _("The mails from, to and about a person."),
        Kind.S3: _("Files in an object store, in every version."),
    }[kind]


def verb_label(verb: Verb) -> str:
    return {
        Verb.FIND: _("looked for"),
        Verb.EXPORT: _("handed out"),
        Verb.RECTIFY: _("put right"),
        Verb.ERASE: _("erased"),
        Verb.VERIFY: _("verified"),
    }[verb]


def state_label(state: State) -> str:
    return {
        State.DONE: _("done"),
        State.AGAIN: _("is tried again"),
        State.STUCK: _("failing for a day"),
    }[state]


def fate_label(fate: Fate) -> str:
    return {Fate.DELETE: _("would be deleted"), Fate.CLEAR: _("would be cleared of the person")}[fate]


def standing_of(view: ConnectorView) -> tuple[str, str]:
    """How a system stands, and its tone."""
    if view.paused_at is not None:
        return _("paused"), "warn"
    if view.fault is not None:
        return _("does not work"), "bad"
    if view.tested_at is None:
        return _("not tried yet"), "plain"
    return _("works"), "good"


def place_of(view: ConnectorView) -> str:
    """Where it is, as it was declared."""
    setup = view.setup
    port = f":{setup['port']}" if "port" in setup else ""
    inside = setup.get("database") or setup.get("bucket") or setup.get("user") or ""
    return f"{setup.get('address') or setup.get('host')}{port}" + (f" · {inside}" if inside else "")


def fault_words(fault: Fault | None) -> tuple[str, str]:
    """What is wrong, and the mend; both empty where nothing is."""
    if fault is None:
        return "", ""
    return {
        Fault.UNREACHABLE: (
            _("Nobody answers there."),
            _("See whether the system runs, and whether host, port and firewall are right."),
        ),
        Fault.TIMEOUT: (_("It did not answer in time."), _("See whether the system is overloaded; it is tried again.")),
        Fault.SIGN_IN: (_("It refuses user, password or key."), _("Give the secret anew, or ask who runs the system.")),
        Fault.IDENTITY: (
            _("It is not who it should be: its certificate or host key is another one."),
            _("Ask who runs the system before you trust the new one; nothing was told to it."),
        ),
        Fault.NOT_ALLOWED: (
            _("Its address may not be called from here."),
            _("An address of the own house has to lie in a net that `outside_networks` in settings.toml names."),
        ),
        Fault.FORBIDDEN: (
            _("The user may sign in and may not do this."),
            _("Ask who runs the system for the right to read, change and delete."),
        ),
        Fault.SCHEMA: (
            _("Something that is declared is not there."),
            _("The system was changed: correct the table, column, file, folder, bucket or field that is named."),
        ),
        Fault.UNREADABLE: (
            _("What came back is not what was declared."),
            _("Check encoding, delimiter, pointers and version of the interface."),
        ),
        Fault.BUSY: (_("Somebody else works on it just now."), _("Nothing: it is tried again in a minute.")),
        Fault.PAUSED: (_("It is paused."), _("Take it up again, or take it away where it is not needed any more.")),
        Fault.LEFT: (
            _("It said that it was done, and a fresh look finds it still."),
            _("A trigger, a synchronisation or a retention rule of the system keeps it: ask who runs it."),
        ),
        Fault.REFUSED: (
            _("The system refuses the change."),
            _("A rule of its own stands against it: rows that hang on others belong into the declaration, first."),
        ),
    }[fault]
