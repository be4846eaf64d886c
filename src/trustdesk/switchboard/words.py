"""What web and worker say to the switchboard over `switchboard.sock`, and what they are answered.

Whoever asks is named, and the switchboard asks the mandates itself whether that operator may: holding the key of the
exchange makes a process of this house, not an agent.
"""

from typing import Literal

from trustdesk.sipedge.api import Vocabulary, Word


class Sitting(Word):
    """Who asks, for which company, under which mandate, for which purpose, and in which language it is answered."""

    operator: int
    controller: int
    mandate: int
    purpose: str
    language: str


class Request(Word):
    """Of an operator."""

    sitting: Sitting


class AttachBrowser(Request):
    """`offer` is the SDP of the agent's browser; the answer's text is ours."""

    offer: str


class DetachBrowser(Request):
    """The shift is over, or the browser goes."""


class SetPresence(Request):
    state: str  # one of `contracts.CHOSEN`
    reason: str = ""


class AcceptCall(Request):
    call: int


class RefuseCall(Request):
    call: int


class DoDeed(Request):
    call: int
    verb: str
    reason: str = ""


class SendDigits(Request):
    call: int
    digits: str


class DialOut(Request):
    """A value of the customer's card, or a number typed by hand. The answer's text is the call's number."""

    customer: int = 0
    value: int = 0
    number: str = ""
    country: str = ""
    use: str  # the declared purpose of the contact
    queue: str = ""
    conversation: int = 0


class DialInCampaign(Request):
    """In the course of a campaign, which names the call. `released`: by its pace, for an agent who has to be ready;
    else the agent has asked for it.
    """

    call: int
    campaign: int
    customer: int
    value: int
    use: str
    queue: str
    line: str
    about: dict[str, bool | int | str]
    released: bool


class DialBack(Request):
    """`use` empty: the company's purpose of service."""

    callback: int
    use: str = ""


class ConsultAgent(Request):
    call: int
    agent: int


class ConsultOutside(Request):
    call: int
    number: str
    country: str = ""
    use: str


class MoveToQueue(Request):
    call: int
    queue: str


class OverhearCall(Request):
    call: int
    on: bool
    reason: str = ""


class CustomerKnown(Request):
    """Somebody found out who the caller is: recordings go under the customer's keys from here on. 0: it was taken back,
    and nobody knows.
    """

    call: int
    customer: int


class SettingsChanged(Word):
    """Numbers, queues, trunks, phones or edge settings are others now. Of the house, for nobody."""

    what: Literal["settings-changed"] = "settings-changed"


class Settled(Word):
    """It was done."""

    text: str = ""


class Fault(Word):
    """It was not, and why: an error of `kernel.errors` by its code."""

    code: str
    message: str
    place: str = ""
    mend: str = ""


HOUSE = Vocabulary(
    [
        AttachBrowser,
        DetachBrowser,
        SetPresence,
        AcceptCall,
        RefuseCall,
        DoDeed,
        SendDigits,
        DialOut,
        DialInCampaign,
        DialBack,
        ConsultAgent,
        ConsultOutside,
        MoveToQueue,
        OverhearCall,
        CustomerKnown,
        SettingsChanged,
        Settled,
        Fault,
    ]
)
