"""Who may be stored. Pure: from the terms of the call, what each has heard and agreed to, and what is going on.

Recording begins when a human joins; no frame of anybody before they heard the notice to its end; silence is no consent;
paused and held mean not stored (GDPR Art. 13; StGB § 201; Ptk 2:48).
"""

from collections.abc import Iterable, Sequence

from trustdesk.sipedge.exchange.parties import Party
from trustdesk.sipedge.words.plan import Mode, Terms

NOBODY = frozenset({"off", "notice-not-heard", "no-consent", "agent-has-not-agreed", "alone"})
"""The words of `why_not`: for each of them the whole conversation is not stored, not one voice of it."""
_ASKING = frozenset({Mode.CONSENT, Mode.ALL_PARTY})


def may_record(terms: Terms, joined: Sequence[Party]) -> list[Party]:
    """Of those who speak with each other now, whose audio may be stored. Nobody's while fewer than two do.

    Where the law asks for agreement, one who has not agreed keeps all of them from being stored: their voice would be
    answered in the others' words.
    """
    if terms.mode is Mode.OFF or not any(party.ours for party in joined) or len(joined) < 2:
        return []
    if terms.mode in _ASKING and not all(has_agreed(terms, party) for party in joined):
        return []
    return [party for party in joined if party.heard is not None]


def has_agreed(terms: Terms, party: Party) -> bool:
    """Whoever is not ours agrees by a key, after the notice; ours by a standing agreement, where everyone must."""
    if party.heard is None:
        return False
    if party.ours:
        return party.agreed or terms.mode is not Mode.ALL_PARTY
    return bool(party.consent_key)


def why_not(terms: Terms, joined: Iterable[Party]) -> str:
    """Why a conversation is not recorded, as a word that the desk explains; empty where it may be."""
    joined = list(joined)
    if terms.mode is Mode.OFF:
        return "off"
    if may_record(terms, joined):
        return ""
    if any(party.heard is None for party in joined):
        return "notice-not-heard"
    if any(not party.ours and not party.consent_key for party in joined) and terms.mode in _ASKING:
        return "no-consent"
    if any(party.ours and not party.agreed for party in joined) and terms.mode is Mode.ALL_PARTY:
        return "agent-has-not-agreed"
    return "alone"
