"""What messages say: a company's own wordings."""

from typing import Annotated, Literal, Self

from pydantic import Field

from trustdesk.api.schemas.clearance import Code, Words
from trustdesk.api.schemas.common import Given, Id, Receipt, Shown, Word
from trustdesk.decision.contracts import Channel
from trustdesk.delivery.contracts import Template


class WordingForm(Given):
    """What a message says in one language. `{name}` is filled from a parameter; a campaign gives `company` only."""

    channel: Literal[Channel.EMAIL, Channel.SMS]
    code: Code
    language: Word
    subject: Annotated[str, Field(max_length=200, description="Of a mail; an SMS has none.")] = ""
    text: Annotated[Words, Field(description="Plain; paragraphs apart by an empty line.")]

    def read(self) -> Template:
        return Template(
            channel=self.channel, code=self.code, language=self.language, subject=self.subject, text=self.text
        )


class WordingReceipt(Receipt):
    wording_id: Id


class WordingShown(Shown):
    """One that is in force, with the parameters it asks for."""

    channel: Channel
    code: str
    language: str
    subject: str
    text: str
    parameters: list[str]

    @classmethod
    def of(cls, held: Template) -> Self:
        return cls(
            channel=held.channel,
            code=held.code,
            language=held.language,
            subject=held.subject,
            text=held.text,
            parameters=sorted(held.parameters),
        )
