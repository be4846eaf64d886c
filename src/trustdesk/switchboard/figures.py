"""What each figure means, said once: the page shows it, and docs/reference/figures.md is drawn from it."""

from dataclasses import dataclass

from django.utils.translation import gettext_noop


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure, what it means in a sentence, and how it is computed. Words are message ids of the catalogs."""

    code: str
    name: str
    meaning: str
    formula: str


FIGURES = (
    Figure(
        "offered",
        gettext_noop("Offered"),
        gettext_noop("Callers who came to wait in the queue in the period, each time they came."),
        gettext_noop("count(waits that began in the period)"),
    ),
    Figure(
        "service_level",
        gettext_noop("Service level"),
        gettext_noop("Share of the offered that an agent answered within the seconds named above."),
        gettext_noop("answered within T / (answered + abandoned)"),
    ),
    Figure(
        "average_speed",
        gettext_noop("Average speed of answer"),
        gettext_noop("How long those who were answered waited in the queue, on average."),
        gettext_noop("sum(wait of answered) / answered"),
    ),
    Figure(
        "average_handling",
        gettext_noop("Average handling time"),
        gettext_noop("Talking, holding and wrap-up of an answered call, on average."),
        gettext_noop("sum(from joining to the end of wrap-up) / handled"),
    ),
    Figure(
        "abandonment",
        gettext_noop("Abandonment"),
        gettext_noop(
            "Share of the callers who hung up while they waited. Who was passed on or is called back is not one."
        ),
        gettext_noop("abandoned / (answered + abandoned)"),
    ),
    Figure(
        "occupancy",
        gettext_noop("Occupancy"),
        gettext_noop("Share of the time agents were there for calls that went to calls. Pauses don't count."),
        gettext_noop("(ringing + talking + wrap-up) / (ready + ringing + talking + wrap-up)"),
    ),
)
"""In the order in which they are shown."""
