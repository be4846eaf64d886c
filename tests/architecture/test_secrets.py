"""Cryptography stands in one room, and whoever opens personal data is known by name."""

import ast

import pytest

from tests.architecture.source import imported_modules, layer_of, modules, parsed, shown

CRYPTOGRAPHY = ("cryptography", "nacl", "Crypto", "Cryptodome", "jwcrypto", "jose")

# Every place that may turn sealed values and files into plaintext, with the reason. The doors to plaintext write the
# journal first; this list is so that a new way to plaintext is seen in a review and not only in the log.
DOORS = frozenset({"open_many", "open_file", "open_stream_keys", "create_stream_key"})
OPENERS = {
    "src/trustdesk/clearance/selectors/proof.py": "shows the words with which somebody consented or objected",
    "src/trustdesk/conversations/selectors/complaints.py": "shows the minutes of a complaint and its reply",
    "src/trustdesk/conversations/selectors/overheard.py": "reads what others said, for somebody who was erased",
    "src/trustdesk/conversations/selectors/whole.py": "shows a conversation",
    "src/trustdesk/conversations/services/cutting.py": "cuts who is erased out of what was said by others",
    "src/trustdesk/conversations/services/telling.py": "hands the customer what was said",
    "src/trustdesk/conversations/services/identifying.py": "seals it anew when it is known who it is",
    "src/trustdesk/scan/readers/columnar.py": "Arrow's own: opens the columns of a file, nothing that is sealed",
    "src/trustdesk/feeds/services/opening.py": "reads what a feed delivered, to count it and to apply it",
    "src/trustdesk/intake/services/files.py": "reads an uploaded list, to show its columns and to import it",
    "src/trustdesk/delivery/services/opening.py": "opens an address and a text to send one message, under a permit",
    "src/trustdesk/delivery/services/disclosing.py": "opens values that a recipient may be told, entered in the ledger",
    "src/trustdesk/delivery/services/farewell.py": "hands the customer the messages that were sent",
    "src/trustdesk/identity/services/alerting.py": "sees whether a replaced contact point stands a second time",
    "src/trustdesk/proof/selectors.py": "shows who decides what was found after an erasure",
    "src/trustdesk/proof/sought.py": "opens what is looked for after an erasure, under a key of its own",
    "src/trustdesk/outside/services/persons.py": "reads by what a person is known, to look for them in other systems",
    "src/trustdesk/recordings/services/beginning.py": "gives the edge the key of a recording that is being made",
    "src/trustdesk/copies/services/handing.py": "hands the person or an officer the copy of what is held",
    "src/trustdesk/recordings/services/reading.py": "plays, exports and recovers recordings",
    "src/trustdesk/switchboard/services/opening.py": "opens a number to call it, under a permit",
    "src/trustdesk/rights/content.py": "shows what a data subject asked for, and fulfils it",
    "src/trustdesk/rights/services/carrying.py": "carries what was corrected to connected systems",
    "src/trustdesk/updates/services/applying.py": "writes a change to the customer whom somebody chose for it",
    "src/trustdesk/updates/selectors/reviews.py": "shows what a feed says, to whoever decides whose it is",
    "src/trustdesk/updates/selectors/audits.py": "shows what an update changed, to whoever judges it",
    "src/trustdesk/register/services/cutting.py": "cuts who is erased out of notes about others",
    "src/trustdesk/register/services/reindexing.py": "makes search tokens and the headline anew after a change",
    "src/trustdesk/register/services/standing.py": "compares what is held with what a feed says, under the lock",
    "src/trustdesk/register/selectors/knowing.py": "gives matching what customers are known by",
    "src/trustdesk/register/selectors/search.py": "shows the names of those found",
    "src/trustdesk/register/selectors/values.py": "shows the values on the customer card and in the history",
}
# Who opens boxes under keys of its own, past the vault and its journal: none of them holds a customer's value.
OWN_BOXES = {
    "src/trustdesk/accounts/adapters.py": "the operators' second factors",
    "src/trustdesk/api/cursors.py": "places in a list, handed out and taken back",
    "src/trustdesk/cli/keybox.py": "backups of keys under a key of the day: what is in them is wrapped again",
    "src/trustdesk/audit/entry.py": "the bodies of the log, under a key a month",
    "src/trustdesk/sipedge/audio/reader.py": "recordings, with a key that the vault or the edge's link has given",
    "src/trustdesk/sipedge/audio/sealed.py": "seals what is said, with the key of the link",
}
# The verifiers run alone, without our packages.
VERIFIERS = {"src/trustdesk/audit/verifier.py", "src/trustdesk/proof/verifier.py"}
VAULT = "vault"


def test_seal_alone_imports_cryptography() -> None:
    importers = {
        shown(path)
        for path in modules("src")
        for name in imported_modules(path)
        if name.split(".")[0] in CRYPTOGRAPHY and layer_of(path) != "seal"
    }
    assert importers - VERIFIERS == set(), "ask `seal.api` instead"


def _opens(tree: ast.Module) -> bool:
    """True where a file names one of the doors, by import or by attribute, whatever it is called afterwards."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and any(alias.name in DOORS for alias in node.names):
            return True
        if isinstance(node, ast.Attribute) and node.attr in DOORS:
            return True
        if isinstance(node, ast.Constant) and node.value in DOORS:
            return True
    return False


def test_every_opener_is_known() -> None:
    openers = {shown(path) for path in modules("src") if layer_of(path) != VAULT and _opens(parsed(path))}
    assert openers - OPENERS.keys() == set(), "a new way to plaintext: list it here with its reason"
    assert OPENERS.keys() - openers == set(), "no longer an opener: take it off the list"


@pytest.mark.parametrize(
    "source",
    [
        "from trustdesk.vault.api import open_many",
        "from trustdesk.vault.api import seal_many, open_many as innocent",
        "from trustdesk.vault import api\napi.open_many(context, [])",
        "import trustdesk.vault.api\ntrustdesk.vault.api.open_file",
        "from trustdesk.vault import api\ngetattr(api, 'open_many')",
    ],
)
def test_a_new_opener_would_be_seen(source: str) -> None:
    assert _opens(ast.parse(source))


@pytest.mark.parametrize("source", ["open_many = 1", "from trustdesk.vault.api import Sealer", "# open_many"])
def test_who_opens_nothing_is_not_listed(source: str) -> None:
    assert not _opens(ast.parse(source))


def test_nobody_opens_boxes_past_the_vault() -> None:
    doors = {"trustdesk.seal.api.open_sealed", "trustdesk.seal.api.BoxKey"}
    passers = {
        shown(path)
        for path in modules("src")
        if layer_of(path) not in {"seal", VAULT} and doors & set(imported_modules(path))
    }
    assert passers - OWN_BOXES.keys() == set(), "a customer's value opens through `vault.api.open_many` only"
