"""What the switchboard commands. Each is answered by `Done` or `Refusal`."""

from typing import Annotated, Literal

from pydantic import Field

from trustdesk.sipedge.words.plan import Notice, Plan, Step
from trustdesk.sipedge.words.word import Word


class Listen(Word):
    transport: Literal["udp", "tcp", "tls"]
    host: str
    port: int


class Trunk(Word):
    """A carrier. Known by addresses, by digest, or both. `registrar` is where we register ourselves, or empty."""

    trunk: int
    addresses: tuple[str, ...] = ()  # CIDR
    user: str = ""
    password: str = ""
    realm: str = ""
    registrar: str = ""  # sip:host[:port][;transport=tcp|tls]
    target: str = ""  # where calls out are sent: sip:host[:port][;transport=…]; empty: the registrar
    challenge: bool = False  # whoever calls from these addresses must prove the password too


class Phone(Word):
    """A SIP phone of an agent: it proves its password, of which only the digest's first half is known here."""

    phone: int
    user: str
    ha1: str  # MD5(user:realm:password), RFC 2617; what every desk phone can do
    ha1_sha256: str = ""  # RFC 8760, for phones that can


class Config(Word):
    """All of it, at every connection and whenever something changes."""

    what: Literal["config"] = "config"
    realm: str
    listen: tuple[Listen, ...]
    advertised: str = ""  # the address others reach us at; empty: that of the socket
    rtp_first: int
    rtp_last: int
    certificate: str = ""  # path of the PEM chain for TLS
    certificate_key: str = ""
    client_authority: str = ""  # path of the authorities whose certificates TLS clients must show; empty: none asked
    stun: tuple[str, ...] = ()
    turn: tuple[tuple[str, str, str], ...] = ()  # address, user, password
    trunks: tuple[Trunk, ...] = ()
    phones: tuple[Phone, ...] = ()
    numbers: tuple[str, ...] = ()  # what is answered at all; others are 404
    apology: dict[str, str] = {}  # number -> clip for when the switchboard does not answer; "" for any number
    session_seconds: int = 1800  # RFC 4028


class Attach(Word):
    """An agent's browser opens its leg for the shift. `steps` are what it hears once, the notice among them."""

    what: Literal["attach"] = "attach"
    attachment: str
    operator: int
    offer: str  # SDP
    steps: tuple[Notice, ...] = ()


class Detach(Word):
    what: Literal["detach"] = "detach"
    attachment: str


class Agent(Word):
    """Whoever answers: by an attached browser, or by a phone. `agreed` is the standing agreement to be recorded."""

    operator: int
    attachment: str = ""
    phone: str = ""  # the phone's user
    agreed: bool = False
    notice: Notice | None = None  # what a phone hears when it is picked up; a browser heard it when it attached
    ring_seconds: int = 20
    display: str = ""  # shown on the phone: never a name of a customer


class Connect(Word):
    """Bring the agent to the waiting caller: a browser at once (it has accepted), a phone by ringing it."""

    what: Literal["connect"] = "connect"
    call: int
    agent: Agent


class Withdraw(Word):
    """Stop ringing."""

    what: Literal["withdraw"] = "withdraw"
    call: int


class Dial(Word):
    """A call out. The agent is there first; whoever answers hears the plan's steps, then both are joined."""

    what: Literal["dial"] = "dial"
    plan: Plan
    agent: Agent | None  # None: whoever answers waits in the plan's queue (a callback)
    trunk: int
    number: str
    caller: str  # our number, shown
    name: str  # our name, shown
    ring_seconds: int = 30


class Consult(Word):
    """Hold the caller and speak to somebody else first: another agent or an outside number."""

    what: Literal["consult"] = "consult"
    call: int
    agent: Agent | None = None
    trunk: int = 0
    number: str = ""
    caller: str = ""
    name: str = ""
    steps: tuple[Step, ...] = ()  # what an outside party hears first
    ring_seconds: int = 30


class Deed(Word):
    """One verb on a call. Which leg: `leg`, or that of `operator`; where neither is named, the agent's."""

    what: Literal["deed"] = "deed"
    call: int
    verb: Literal[
        "hold",
        "resume",
        "mute",
        "unmute",
        "pause",  # recording
        "unpause",
        "complete",  # the consulted takes over, the agent leaves
        "conference",  # all three
        "back",  # the consulted leaves, the caller comes back
        "leave",  # the agent leaves; the others go on
        "hang-up",
        "repeat-reference",
    ]
    leg: str = ""
    operator: int = 0
    reason: str = ""


class Requeue(Word):
    """The agent leaves, the caller goes on with these steps: a blind transfer to a queue, an overflow, a farewell."""

    what: Literal["requeue"] = "requeue"
    call: int
    steps: tuple[Step, ...]


class Say(Word):
    """Say this to the waiting caller (place in the queue, estimated wait), then the music again."""

    what: Literal["say"] = "say"
    call: int
    clips: tuple[str, ...]


class Digits(Word):
    """Send keys to the other side (RFC 4733)."""

    what: Literal["digits"] = "digits"
    call: int
    leg: str
    digits: str


class Overhear(Word):
    """A supervisor's attached browser hears the call, and is heard by nobody; `on` false ends it."""

    what: Literal["overhear"] = "overhear"
    call: int
    attachment: str
    on: bool


class Refile(Word):
    """Nothing to do for the edge but to close this leg's file and ask for a new key: the customer became known."""

    what: Literal["refile"] = "refile"
    call: int
    leg: str


class Written(Word):
    """These calls stand in the tables with their end: nothing of them has to be told again."""

    what: Literal["written"] = "written"
    calls: tuple[int, ...]


Command = Annotated[
    Config
    | Attach
    | Detach
    | Connect
    | Withdraw
    | Dial
    | Consult
    | Deed
    | Requeue
    | Say
    | Digits
    | Overhear
    | Refile
    | Written,
    Field(discriminator="what"),
]
