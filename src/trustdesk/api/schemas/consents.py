"""Consents asked for by a form."""

from typing import Annotated

from pydantic import Field, StringConstraints

from trustdesk.api.schemas.common import Given, Id, Line, Prose, Receipt, Word

Language = Annotated[str, StringConstraints(pattern="^[a-z]{2}$"), Field(description="BCP 47, of what was shown")]


class ConsentFormGiven(Given):
    """`words`: exactly what the person was shown and agreed to; `notice_version`: a published notice on consents;
    `reference` names the form.
    """

    email: Line
    purpose: Word
    words: Prose
    notice_version: Word
    language: Language
    reference: Line = ""


class ConsentFormReceipt(Receipt):
    form_id: Id
