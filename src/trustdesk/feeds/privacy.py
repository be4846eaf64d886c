"""What feeds hold of a customer: nothing that is known to be one's. What a delivery says lies sealed under a key of its
own, which is destroyed when it is applied, after a week at the latest; whoever was erased meanwhile stays away.
"""

from trustdesk.kernel.registries import PersonalField, PrivacyDeclaration

_OF_DELIVERIES = (
    "controller_id", "id", "feed_id", "place", "digest", "size", "file_id", "state", "reason", "attempt", "next_at",
    "retry_at", "seen", "brakes", "received_at", "checked_at", "finished_at", "decided_at",
)  # fmt: skip
_NOT_PERSONAL = {
    "feeds_feed.*": "a source of changes: where it is, how it is read, how it stands",
    "feeds_chunk.*": "how far a delivery is: counts",
    "feeds_parked.*": "where in a delivery a record stands that was set aside, and a code of why; no content",
    **dict.fromkeys((f"feeds_delivery.{column}" for column in _OF_DELIVERIES), "what came in, and what it came to"),
    "feeds_delivery.received_by": "the operator's id: staff, declared by accounts",
    "feeds_delivery.decided_by": "the operator's id: staff, declared by accounts",
}

DECLARATION = PrivacyDeclaration(
    capability="feeds",
    fields=(
        # Of the few addresses that most moved to, so that the brake sees a day's single messages together.
        PersonalField(
            "feeds_delivery",
            "addresses",
            "dpv:PseudonymisedData",
            "dpv:DataQualityManagement",
            "P1D",
            sealed=False,
        ),
    ),
    not_personal=_NOT_PERSONAL,
    export=None,
    erase=None,
)
