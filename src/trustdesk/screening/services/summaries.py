"""What a screening came to, signed."""

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from trustdesk.decision.contracts import Outcome
from trustdesk.kernel.clock import rfc3339
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.ids import to_public
from trustdesk.mandates.api import controller
from trustdesk.screening import notes
from trustdesk.screening.models import List, Run
from trustdesk.screening.services.verdicts import Tally
from trustdesk.seal.api import SigningKey, VerifyKey


@dataclass(frozen=True, slots=True)
class Signed:
    text: str
    digest: str  # SHA-256, hexadecimal: the log names the summary by it


def sign(context: AccessContext, run: Run, asked: List, tally: Tally, *, decided_at: datetime) -> Signed:
    """Who asked what of which list, by which rules, and what it came to: counts, and nothing of anybody."""
    key = _key()
    said = {
        "screening": to_public(run.id),
        "controller": {"number": context.controller_id, "name": controller(context.controller_id).name},
        "asked_by": {"operator": run.operator_id, "mandate": run.mandate_id},
        "purpose": run.asked_purpose,
        "channel": run.channel,
        "about": run.about,
        "engine": run.engine,
        "list": {
            "sha256": bytes(asked.digest).hex(),
            "of": "filter" if asked.filter_id else "file",
            "rows": asked.rows,
            "cells": tally.cells,
        },
        "packs_digest": run.packs_digest,
        "policy_version": run.policy_version,
        "decided_at": rfc3339(decided_at),
        "verdicts": {outcome.value: tally.outcomes.get(outcome, 0) for outcome in Outcome},
        "not_decided": {fault.value: count for fault, count in sorted(tally.faults.items())},
        "rules": sorted(
            (
                {"rule": one["rule"], "outcome": one["outcome"], "statute": one["statute"], "rows": one["rows"]}
                for one in tally.reasons["rules"].values()
            ),
            key=lambda one: (one["outcome"], -one["rows"], one["rule"]),
        ),
        "key": base64.b64encode(key.verify_key.raw).decode(),
    }
    text = notes.write(key, context.controller_id, said)
    return Signed(text, hashlib.sha256(text.encode()).hexdigest())


def public_key() -> VerifyKey:
    """The installation's, which the log's checkpoints and exports name too."""
    return _key().verify_key


def _key() -> SigningKey:
    return SigningKey.from_bytes(settings.TRUSTDESK_HOME.secret("log.key"))
