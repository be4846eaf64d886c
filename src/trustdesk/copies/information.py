"""What the law wants said with a copy (GDPR Art. 15(1)(a) to (h), (2)), from what the company declared and published.

In the language that is active. Nothing is written here that the company would have to write itself: its newest notice
stands beside it in its own words.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from trustdesk.clearance import api as clearance
from trustdesk.clearance.contracts import NoticeKind, Recipient
from trustdesk.copies.contracts import Kind, Part, Topic
from trustdesk.copies.wordings import period, term
from trustdesk.kernel.context import AccessContext
from trustdesk.mandates.api import ControllerView, controller

_AUTHORITIES = Path(__file__).with_name("authorities.toml")
_BASIS = "eu-gdpr:A6-1-"


def information(
    context: AccessContext, kind: Kind, parts: Sequence[Part], *, missing: Sequence[str] = (), now: datetime
) -> list[Topic]:
    """The topics in the order of the article, then the company's own notice; of a portable copy only what it is."""
    company = controller(context.controller_id)
    if kind is Kind.PORTABILITY:
        return [Topic(_("What this is"), [_portable(company)]), *_missing(missing)]
    values = [row for part in parts if part.kind == "value" for row in part.rows]
    return [
        Topic(_("What this is"), [_what(company)]),
        *_missing(missing),
        Topic(_("What your data are used for, and on which legal basis"), list(_purposes(context))),
        Topic(_("Which kinds of data these are"), list(_categories(values))),
        Topic(_("Who has received them or will"), list(_recipients(context, parts, now))),
        Topic(_("How long they are kept"), list(_retention(values))),
        Topic(_("Your rights"), list(_rights(company))),
        Topic(_("Where your data come from"), list(_sources(values, parts))),
        Topic(_("Whether anything is decided by machines alone"), [_machines()]),
        *_notice(context),
    ]


def _what(company: ControllerView) -> str:
    return _(
        "This is the copy of all data that %(company)s holds about you, with the information the law demands (GDPR"
        " Art. 15). What is about other people was blacked out, because the copy may not harm their rights"
        " (Art. 15(4))."
    ) % {"company": company.name}


def _portable(company: ControllerView) -> str:
    return _(
        "These are the data that you provided to %(company)s, or that came from your use of its service, on the basis"
        " of your consent or a contract, in a form that other systems can read (GDPR Art. 20). You may hand them on to"
        " whomever you like."
    ) % {"company": company.name}


def _missing(systems: Sequence[str]) -> Iterator[Topic]:
    if systems:
        told = _(
            "These systems of the company did not answer while this copy was made: %(systems)s. What they hold about"
            " you follows in another copy as soon as they answer."
        ) % {"systems": ", ".join(systems)}
        yield Topic(_("What is still missing"), [told])


def _purposes(context: AccessContext) -> Iterator[str]:
    language = get_language() or "en"
    for purpose in clearance.purposes(context):
        if purpose.retired_at is None:
            yield f"{purpose.named(language)}: {basis(purpose.legal_basis)}"
            if purpose.assessment is not None:
                yield _("The interest pursued: %(interest)s") % {"interest": purpose.assessment.pursued}


def _categories(values: Sequence[Mapping[str, object]]) -> Iterator[str]:
    yield from dict.fromkeys(str(row["attribute_label"]) for row in values)
    yield _("Conversations, calls, messages and what was noted about them, where there are any")
    yield _("When your data were looked at and changed")


def _recipients(context: AccessContext, parts: Sequence[Part], now: datetime) -> Iterator[str]:
    given = {str(row["recipient"]) for part in parts if part.kind in {"disclosure", "webhook"} for row in part.rows}
    declared = [each for each in clearance.recipients(context) if each.ends_at is None or each.ends_at > now]
    for recipient in declared:
        yield _recipient(recipient)
    yield from sorted(given - {recipient.name for recipient in declared})
    if not declared and not given:
        yield _("Nobody outside the company and those who work for it.")


def _recipient(recipient: Recipient) -> str:
    told = f"{recipient.name} ({recipient.country})"
    if recipient.safeguard:
        told = _("%(recipient)s, with these safeguards: %(safeguard)s") % {
            "recipient": told,
            "safeguard": recipient.safeguard,
        }
    return told


def _retention(values: Sequence[Mapping[str, object]]) -> Iterator[str]:
    kept: dict[str, list[str]] = {}
    for row in values:
        labels = kept.setdefault(str(row["retention"]), [])
        if str(row["attribute_label"]) not in labels:
            labels.append(str(row["attribute_label"]))
    for duration, labels in kept.items():
        yield _("%(data)s: %(period)s after the end of the relationship") % {
            "data": ", ".join(labels),
            "period": period(duration),
        }
    yield _("Recordings and complaint files: until the day that stands with each")
    yield _("What you agreed and objected to: as long as it has to be proved")
    yield _("When your data were looked at: %(months)d months") % {"months": settings.TRUSTDESK_LOG_MONTHS}


def _rights(company: ControllerView) -> Iterator[str]:
    yield _("You can have what is wrong corrected (Art. 16), and have your data erased (Art. 17).")
    yield _("You can have their use restricted (Art. 18), and object to it (Art. 21).")
    yield _("You can take back what you agreed to at any time (Art. 7(3)).")
    authority = _authorities().get(company.country)
    if isinstance(authority, Mapping):
        yield _("You can complain to the authority: %(authority)s (Art. 77).") % {
            "authority": f"{authority['name']}, {authority['site']}"
        }
    else:
        yield _("You can complain to the data protection authority of your country (Art. 77).")


def _sources(values: Sequence[Mapping[str, object]], parts: Sequence[Part]) -> Iterator[str]:
    lists = (str(row["source"]) for part in parts if part.kind == "import" for row in part.rows)
    yield from dict.fromkeys([*(str(row["source"]) for row in values), *lists])
    yield _("With each value it stands from where it is.")


def _machines() -> str:
    return _(
        "Rules of law and of the company decide by machine whether you may be contacted; with each decision its rules"
        " are listed. Nothing that has legal effect for you is decided by this register alone (Art. 22)."
    )


def _notice(context: AccessContext) -> Iterable[Topic]:
    """The newest notice, in the reader's language where it was published in it."""
    found = [each for each in clearance.notices(context) if each.kind in {NoticeKind.ART13, NoticeKind.ART14}]
    same = [each for each in found if found and each.version == found[0].version and each.kind == found[0].kind]
    notice = next((each for each in same if each.language == get_language()), same[0] if same else None)
    if notice is not None:
        text = notice.text
        said = [text.who, text.purpose, text.legal_basis, text.retention, text.recipients, text.rights]
        title = _("The company's own notice, version %(version)s") % {"version": notice.version}
        yield Topic(title, [*said, text.where_the_rest_is])


def basis(iri: str) -> str:
    """A legal basis as it is cited: "GDPR Art. 6(1)(b)"; other terms as they are."""
    if not iri.startswith(_BASIS):
        return term(iri)
    letter = iri.removeprefix(_BASIS)[:1]
    cited_as = _("GDPR Art. %(article)s(%(paragraph)s)(%(letter)s)")
    return cited_as % {"article": "6", "paragraph": "1", "letter": letter}


@cache
def _authorities() -> Mapping[str, object]:
    return tomllib.loads(_AUTHORITIES.read_text(encoding="utf-8"))
