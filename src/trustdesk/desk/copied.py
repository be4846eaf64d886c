"""The desk's words of codes, for the copy of a person's data too."""

from trustdesk.design.copied import register_labels, words_of
from trustdesk.design.restriction import ground_label
from trustdesk.desk.words import happening_label, kind_label
from trustdesk.register.contracts import CustomerKind, RestrictionGround


def copied_words() -> None:
    """Once, at start-up."""
    register_labels(
        {
            "person": words_of(CustomerKind, kind_label),
            "restriction_ground": words_of(RestrictionGround, ground_label),
            "record-event.what": happening_label,
        }
    )
