"""The rule packs as a page: `write` renders docs/reference/rules.md anew, `check` fails where the page is not current.

The page is a view of the packs; whoever wants to change a rule changes the pack.
"""

import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TypeVar

from trustdesk.decision import api
from trustdesk.decision.complaints import ComplaintRule
from trustdesk.decision.contracts import (
    ADVERTISING,
    BASE,
    AttemptLimits,
    Audience,
    Channel,
    Entry,
    Hours,
    LegalBasis,
    Packs,
    PurposeKind,
    Rule,
    RulePack,
    Scope,
)
from trustdesk.decision.recording import ALL, Keep, NoticeElement, RecordingDemand, Sector
from trustdesk.decision.tree import And, AtLeast, Const, Fact, Is, Known, Node, Not, Or, Past
from trustdesk.kernel.periods import Span

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference" / "rules.md"
NAMES = {"EU": "European base", "HU": "Hungary", "FI": "Finland", "PL": "Poland", "DE": "Germany", "AT": "Austria"}
WEEK = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
HEAD = """# The rules

Made from `src/trustdesk/rulepacks/*.yaml`: change the pack, then run `python scripts/rules.py write`.

**These are facts with a date, not legal advice.** *Sure* says how: high, the statute or the authority's page was read;
medium, a secondary text was; low, from memory; policy, the product's own default. *Lawyer* names who confirmed the
line; nobody has confirmed any yet. How a verdict is made of them is told in [the decision](../explanation/decision.md).

Advertising is a matter of each country: the person's and that of the number or address both count, and the strictest
wins. The European base holds everywhere, and so do the product's defaults.
"""

T = TypeVar("T", bound=Entry)


def cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def condition(node: Node | None) -> str:
    """A condition as a reader says it."""
    match node:
        case Not(part):
            return f"not ({condition(part)})" if isinstance(part, And | Or) else f"not {condition(part)}"
        case And(parts) | Or(parts):
            word = " and " if isinstance(node, And) else " or "
            return word.join(f"({condition(each)})" if isinstance(each, Or) else condition(each) for each in parts)
        case Const(value):
            return str(value).lower()
        case None:
            return ""
    return f"`{node.name}`{said(node)}"


def said(node: Fact | Is | AtLeast | Past | Known) -> str:
    match node:
        case Is(_, values):
            return f" is {' or '.join(values)}"
        case AtLeast(_, number):
            return f" is at least {number}"
        case Past():
            return " is past"
        case Known():
            return " is known"
    return ""


def some(values: Iterable[str], every: Iterable[str]) -> str:
    chosen = [value for value in every if value in set(values)]
    return "all" if len(chosen) == len(list(every)) else ", ".join(chosen)


def scope(entry: Scope) -> list[str]:
    """Channels, recipients, and the purposes where they are others than advertising."""
    purposes = some(entry.purpose_kinds, PurposeKind)
    named = "" if entry.purpose_kinds == ADVERTISING else f", for {'any purpose' if purposes == 'all' else purposes}"
    return [some(entry.channels, Channel) + named, some(entry.audiences, Audience)]


def source(entry: Entry) -> list[str]:
    statute = entry.statute
    cited = f"[{cell(statute.text)}]({statute.url})" if statute.url else cell(statute.text)
    edges = [f"from {entry.valid_from:%Y-%m-%d}"] if entry.valid_from else []
    edges += [f"until {entry.valid_to:%Y-%m-%d}"] if entry.valid_to else []
    return [
        "; ".join([cited, *edges]),
        f"{statute.source_key}, {entry.as_of}",
        entry.confidence.value,
        entry.attested_by or "none",
    ]


def table(title: str, words: Sequence[str], entries: Sequence[T], row: Callable[[T], Sequence[str]]) -> str:
    if not entries:
        return ""
    heads = ["id", *words, "source of law", "read", "sure", "lawyer"]
    lines = [f"\n### {title}\n", f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}"]
    for entry in entries:
        cells = [f"`{entry.id}`", *(cell(text) for text in row(entry)), *source(entry)]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def hours(spans: tuple[Hours, ...]) -> str:
    return ", ".join(f"{span.opens:%H:%M} to {span.closes:%H:%M}" for span in spans) or "none"


def week(days: tuple[tuple[Hours, ...], ...], holiday: tuple[Hours, ...] | None) -> str:
    each = [f"{name} {hours(spans)}" for name, spans in zip(WEEK, days, strict=True)]
    return "; ".join([*each, f"public holidays {'as any day' if holiday is None else hours(holiday)}"])


def on_basis(rule: Rule) -> str:
    if rule.legal_bases == frozenset(LegalBasis):
        return ""
    return f"(legal basis {', '.join(basis.name.lower() for basis in LegalBasis if basis in rule.legal_bases)})"


def attempts(limits: AttemptLimits) -> str:
    counts = f"{limits.per_day} a day, {limits.per_week} a week, {limits.per_campaign} a campaign"
    ring = limits.ring_seconds
    return f"{counts}; rings {ring[0]} to {ring[1]} seconds." if ring else f"{counts}."


def kept(time: Keep | None, word: str) -> str:
    if time is None:
        return ""
    parts = ((time.years, "year"), (time.months, "month"), (time.days, "day"))
    counted = [f"{number} {unit if number == 1 else unit + 's'}" for number, unit in parts if number]
    return f"{word} {' '.join(counted)}"


def recording(demand: RecordingDemand) -> list[str]:
    duties = [
        f"copy within {demand.copy_days} days" if demand.copy_days else "",
        "a person first in the menu" if demand.human_first else "",
        f"answered within {demand.answer_within_seconds} seconds" if demand.answer_within_seconds else "",
        "no premium number" if demand.premium_closed else "",
        "" if demand.staff_monitoring else "no monitoring of staff",
    ]
    said = [element for element in NoticeElement if element in demand.elements]
    return [
        "all" if demand.sectors == ALL else ", ".join(sector for sector in Sector if sector in demand.sectors),
        demand.mode or "",
        ", ".join(said),
        remarks(kept(demand.keep_at_least, "at least"), kept(demand.keep_at_most, "at most")),
        remarks("; ".join(duty for duty in duties if duty) + ("." if any(duties) else ""), demand.note),
    ]


def remarks(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def bounds(pack: RulePack) -> list[str]:
    """The tables of hours, attempts, outside lists and proof."""
    return [
        table(
            "Hours",
            ["channels", "recipients", "binds as", "hours"],
            pack.windows,
            lambda window: [
                *scope(window),
                window.binding.value,
                remarks(week(window.week, window.public_holiday) + ".", window.note),
            ],
        ),
        table(
            "Attempts",
            ["channels", "recipients", "binds as", "at most"],
            pack.attempts,
            lambda limits: [*scope(limits), limits.binding.value, remarks(attempts(limits), limits.note)],
        ),
        table(
            "Lists kept by others",
            ["channels", "recipients", "list", "binds"],
            pack.outside_lists,
            lambda rule: [
                *scope(rule),
                rule.name,
                remarks(
                    f"{rule.binding.value}: {rule.binds}.",
                    f"A refresh holds {rule.refresh_holds.days} days." if rule.refresh_holds else "Not to be had.",
                    rule.note,
                ),
            ],
        ),
        table(
            "How long a consent is proven",
            ["channels", "recipients", "years", "counted from"],
            pack.evidence,
            lambda kept: [
                *scope(kept),
                str(kept.years),
                remarks(", ".join(sorted(kept.counted_from)) + ".", kept.note),
            ],
        ),
    ]


def span(length: Span | None) -> str:
    if length is None:
        return ""
    units = ("days", "working_days", "weeks", "months", "years")
    return " ".join(f"{number} {unit.replace('_', ' ')}" for unit in units if (number := getattr(length, unit)))


def complaint_words(rule: ComplaintRule) -> list[str]:
    return [
        f"Fields: {', '.join(rule.fields).replace('_', ' ')}." if rule.fields else "",
        f"Once {span(rule.extend_by)} more." if rule.extend_by else "",
        "Silence accepts." if rule.silence_accepts else "",
        "A copy of the minutes." if rule.minutes_copy else "",
        "A rejection names where the person can go next." if rule.name_authority else "",
    ]


def pack_page(pack: RulePack) -> str:
    place = f" Time zones: {', '.join(pack.time_zones)}." if pack.time_zones else ""
    parts = [
        f"\n## {NAMES.get(pack.jurisdiction, pack.jurisdiction)}\n\nAs of {pack.as_of}.{place}\n",
        table(
            "May a person be contacted",
            ["channels", "recipients", "asks for", "when", "and"],
            pack.rules,
            lambda rule: [
                *scope(rule),
                remarks(rule.effect.value, on_basis(rule)),
                condition(rule.when) + (f", unless {condition(rule.unless)}" if rule.unless else ""),
                remarks(condition(rule.conditions) + ("." if rule.conditions else ""), rule.penalty, rule.note),
            ],
        ),
        table(
            "What has to be done",
            ["channels", "recipients", "duty", "when", "said by"],
            pack.duties,
            lambda duty: [
                *scope(duty),
                remarks(duty.text, duty.note),
                condition(duty.when),
                f"`{duty.fulfilled_by}`" if duty.fulfilled_by else "",
            ],
        ),
        *bounds(pack),
        table(
            "May calls be recorded", ["sectors", "mode", "the notice says", "kept", "and"], pack.recordings, recording
        ),
        table("From which age a child consents", ["years"], pack.consent_age, lambda age: [str(age.years)]),
        table(
            "What has to be done with a complaint",
            ["sectors", "reply within", "kept", "and"],
            pack.complaints,
            lambda rule: [
                ", ".join(sorted(rule.sectors)) or "all",
                span(rule.reply_within),
                f"{rule.keep_years} years" if rule.keep_years else "",
                remarks(*complaint_words(rule), rule.note),
            ],
        ),
        table("Looked for and not found", ["what", "finding"], pack.absences, lambda none: [none.subject, none.text]),
        "\n### Read\n\n" + "\n".join(f"- `{key}`: {cell(text)}" for key, text in pack.sources.items()) + "\n",
    ]
    return "".join(parts)


def page(packs: Packs) -> str:
    return HEAD + "".join(pack_page(packs.by_jurisdiction[name]) for name in (BASE, *packs.countries))


def main() -> None:
    made = page(api.load_packs(api.RULEPACKS))
    match sys.argv[1:]:
        case ["write"]:
            PAGE.write_text(made, encoding="utf-8")
        case ["check"]:
            if PAGE.read_text(encoding="utf-8") != made:
                sys.exit(
                    "rules: docs/reference/rules.md is not what the packs say; run `python scripts/rules.py write`"
                )
        case _:
            sys.exit("rules: say write or check")


if __name__ == "__main__":
    main()
