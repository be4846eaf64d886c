"""A campaign's own hours and limits as entries of a policy: a stricter layer, read by the same rules as every other."""

import hashlib
from dataclasses import replace
from datetime import datetime
from typing import Any

from trustdesk.decision.contracts import (
    BASE,
    CAMPAIGN_STANDS,
    AttemptLimits,
    Binding,
    CallingWindow,
    Channel,
    Confidence,
    Effect,
    Hours,
    Policy,
    PurposeKind,
    Rule,
    Statute,
)
from trustdesk.decision.messages import SAYS
from trustdesk.kernel.registries import CampaignTerms, DayHours

ATTEMPTS, HOURS = "CAMPAIGN-ATTEMPTS", "CAMPAIGN-HOURS"
_OWN = Statute("the campaign's own limits")


def with_campaign(policy: Policy, terms: CampaignTerms, *, now: datetime) -> Policy:
    about: dict[str, Any] = {
        "jurisdiction": BASE,
        "statute": _OWN,
        "as_of": now.date(),
        "confidence": Confidence.POLICY,
        "channels": frozenset(Channel),
        "purpose_kinds": frozenset(PurposeKind),
    }
    stands = Rule(id=CAMPAIGN_STANDS, effect=Effect.PROHIBITED, says=SAYS["campaign"], **about)
    limits = AttemptLimits(
        id=ATTEMPTS,
        binding=Binding.TENANT,
        per_day=terms.per_day,
        per_week=terms.per_week,
        per_campaign=terms.per_campaign,
        **about,
    )
    windows = list(policy.windows)
    if terms.week is not None:
        holiday = None if terms.public_holiday is None else _hours(terms.public_holiday)
        week = tuple(_hours(day) for day in terms.week)
        windows.append(CallingWindow(id=HOURS, binding=Binding.TENANT, week=week, public_holiday=holiday, **about))
    return replace(
        policy,
        digest=f"{policy.digest}+{hashlib.sha256(repr(terms).encode()).hexdigest()}",
        rules=policy.rules if terms.going else (*policy.rules, stands),
        windows=tuple(windows),
        attempts=(*policy.attempts, limits),
    )


def _hours(day: DayHours) -> tuple[Hours, ...]:
    return tuple(Hours(opens, closes) for opens, closes in day)
