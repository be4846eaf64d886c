"""What the exchange asks of the link to the switchboard."""

from typing import Protocol

from trustdesk.sipedge.words.asks import Ask, Found, Key, NotFound, Refusal
from trustdesk.sipedge.words.plan import Plan
from trustdesk.sipedge.words.told import Tell

Answer = Plan | Found | NotFound | Key | Refusal


class NoAnswerError(Exception):
    """The switchboard is not there, or did not answer in time: what cannot be decided is not done."""


class Link(Protocol):
    """The edge's side."""

    async def ask(self, ask: Ask) -> Answer:
        """The answer, or NoAnswerError after two seconds."""

    def tell(self, word: Tell) -> None:
        """Told now, or as soon as the switchboard is there again, in order."""
