"""What each figure of freshness means, said once: the page shows it, and docs/reference/figures.md is drawn from it."""

from dataclasses import dataclass

from django.utils.translation import gettext_noop


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure, what it means in a sentence, and how it is computed. Words are message ids of the catalogs."""

    code: str
    name: str
    meaning: str
    formula: str


FRESH_FIGURES = (
    Figure(
        "fresh",
        gettext_noop("Fresh"),
        gettext_noop(
            "Share of the current values whose last confirmation still counts; one that was never confirmed counts"
            " from when it was recorded. Counted every night; restricted ones count too."
        ),
        gettext_noop("values within their days / current values"),
    ),
    Figure(
        "to_desk",
        gettext_noop("From feed to desk"),
        gettext_noop(
            "How long a change took from when it was received until it stood in the register: half of them, and 99 of"
            " 100. Of those that no person had to look at."
        ),
        gettext_noop("median and 99th percentile of (decided - received)"),
    ),
    Figure(
        "spared",
        gettext_noop("Questions spared"),
        gettext_noop(
            "Contact points of an identified customer that would have been due, had a feed not confirmed or changed"
            " them within their days: counted when an agent's page of the conversation shows the customer, once for"
            " each kind of contact point in a conversation."
        ),
        gettext_noop("count(conversation, attribute)"),
    ),
    Figure(
        "hours",
        gettext_noop("Hours they are worth"),
        gettext_noop("Questions spared, times what one question takes by the company's own setting. No measurement."),
        gettext_noop("questions spared x seconds of a question / 3600"),
    ),
)
"""In the order in which they are shown."""
