"""The plan of a call, from what is known of its number: pure, so that what must never happen can be tried.

No step may be recorded before the notice: without a notice the terms are off, whatever the rules would allow. Consent
is asked after the notice and before anybody speaks. Where the law wants a human first (Fgytv. 17/B), keys are offered
only where one of them leads to a human at once.
"""

from dataclasses import dataclass, replace

from trustdesk.sipedge.contracts import (
    AskConsent,
    Farewell,
    Menu,
    Mode,
    Notice,
    Plan,
    SayReference,
    Step,
    Terms,
    Wait,
)

ASKING = frozenset({Mode.CONSENT, Mode.ALL_PARTY})
Clips = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of a call that came in. `mode` is that of the rules; `person_key` whether a key of the menu leads
    to a human at once.
    """

    call: int
    controller: int
    language: str
    queue: str
    open_now: bool
    mode: Mode
    notice: Notice | None
    reference: Clips
    consent: Clips
    music: Clips
    closed: Clips
    lost: Clips
    beep: str = ""
    menu: Menu | None = None
    person_key: bool = False
    human_first: bool = False
    callback_key: str = ""


def plan_of(facts: Facts) -> Plan:
    """Answer, menu, notice, reference, consent, queue; or the words for who calls when nobody is there."""
    mode = mode_of(facts.mode, facts.notice)
    plan = Plan(
        call=facts.call,
        controller=facts.controller,
        language=facts.language,
        steps=(),
        terms=Terms(mode=mode, beep=facts.beep, lost=facts.lost),
    )
    if not facts.open_now:
        return ending(plan, facts.closed)
    if facts.mode is Mode.MANDATORY and facts.notice is None:
        # The law wants it recorded, and it can't be: nobody is told of it.
        return ending(plan, facts.lost or facts.closed)
    steps: list[Step] = []
    if facts.menu is not None and (facts.person_key or not facts.human_first):
        steps.append(facts.menu)
    if facts.notice is not None:
        steps.append(facts.notice)
    steps.append(SayReference(clips=facts.reference))
    if mode in ASKING:
        steps.append(AskConsent(clips=facts.consent))
    steps.append(Wait(queue=facts.queue, music=facts.music, callback_key=facts.callback_key))
    return plan.model_copy(update={"steps": tuple(steps)})


def plan_out(facts: Facts) -> Plan:
    """What whoever we call hears when they answer, before they speak with an agent: the notice, and the question."""
    mode = mode_of(facts.mode, facts.notice)
    steps: list[Step] = []
    if mode is not Mode.OFF and facts.notice is not None:
        steps.append(facts.notice)
        if mode in ASKING:
            steps.append(AskConsent(clips=facts.consent))
    return Plan(
        call=facts.call,
        controller=facts.controller,
        language=facts.language,
        steps=tuple(steps),
        terms=Terms(mode=mode, beep=facts.beep, lost=facts.lost),
    )


def mode_of(mode: Mode, notice: Notice | None) -> Mode:
    """No notice, no recording."""
    return mode if notice is not None else Mode.OFF


def ending(plan: Plan, clips: Clips) -> Plan:
    """Nothing but the last words; nothing of it is stored."""
    terms = plan.terms.model_copy(update={"mode": Mode.OFF})
    return plan.model_copy(update={"steps": (Farewell(clips=clips),), "terms": terms})


def may_store(
    *,
    mode: Mode,
    notice: int | None,
    role: str,
    heard: int,
    consent_key: str,
    agreed: bool,
) -> str:
    """Why a leg may not be recorded, as a word; empty where it may. Asked again before a key is made: the edge asked
    the same, and a fault in one of the two must not store a voice.

    `notice` is the version of the call's plan, `heard` what was played to its end on the leg. An agent hears any
    version of the company's at the beginning of the shift. StGB § 201: everybody's agreement; silence is none.
    """
    if mode is Mode.OFF or notice is None:
        return "off"
    if heard <= 0:
        return "notice-not-heard"
    if role != "agent" and heard != notice:
        return "other-notice"
    if mode in ASKING and role != "agent" and consent_key != AskConsent(clips=()).agree_key:
        return "no-consent"
    if mode is Mode.ALL_PARTY and role == "agent" and not agreed:
        return "agent-has-not-agreed"
    return ""


def stricter(facts: Facts) -> Facts:
    """As if nothing were allowed to be recorded: what holds where the rules can't be read."""
    return replace(facts, mode=Mode.OFF, notice=None)
