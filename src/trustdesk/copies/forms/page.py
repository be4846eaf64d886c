"""The copy as one page that opens in every browser, without a network: everything is in it."""

from collections.abc import Iterator, Sequence
from html import escape

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from trustdesk.copies.contracts import Document
from trustdesk.copies.reading import Entry, Section

STYLE = """
:root{color-scheme:light dark;--ink:#1b1f24;--quiet:#57606a;--line:#d8dee4;--paper:#fff;--soft:#f6f8fa;--link:#0b57d0}
@media (prefers-color-scheme:dark){:root{--ink:#e6e8eb;--quiet:#a3abb5;--line:#3a424d;--paper:#15181c;--soft:#1d2227;
--link:#8ab4f8}}
*{box-sizing:border-box}body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
main{max-width:52rem;margin:0 auto;padding:2rem 1rem 4rem}h1{font-size:1.75rem;line-height:1.2;margin:0 0 .25rem}
h2{font-size:1.25rem;margin:2.5rem 0 .5rem;padding-top:1rem;border-top:1px solid var(--line)}h3{font-size:1rem;
margin:1.25rem 0 .25rem}a{color:var(--link)}.quiet{color:var(--quiet)}nav ul{columns:2;padding-left:1.25rem}
@media (max-width:40rem){nav ul{columns:1}}ol{list-style:none;margin:0;padding:0}li.entry{padding:.75rem 0;
border-bottom:1px solid var(--line)}li.entry>strong{display:block;overflow-wrap:anywhere}dl{display:grid;
grid-template-columns:minmax(8rem,12rem) 1fr;gap:.125rem 1rem;margin:.25rem 0 0}dt{color:var(--quiet)}dd{margin:0;
overflow-wrap:anywhere}.text{margin:.5rem 0 0;padding:.5rem .75rem;background:var(--soft);border-radius:6px;
white-space:pre-wrap;overflow-wrap:anywhere}
@media (max-width:30rem){dl{grid-template-columns:1fr}dd{margin-bottom:.375rem}}
@media print{main{max-width:none}li.entry{break-inside:avoid}}
"""


def title_of(document: Document) -> str:
    """The heading of both readable forms."""
    return _("Your data at %(company)s") % {"company": document.company}


def made_of(document: Document) -> str:
    """When it was made, and how much was blacked out."""
    at = formats.date_format(timezone.localtime(document.made_at, document.zone), "SHORT_DATETIME_FORMAT")
    made = _("Made on %(at)s.") % {"at": at}
    places = ngettext("%(count)d place was blacked out.", "%(count)d places were blacked out.", document.masked)
    return f"{made} {places % {'count': document.masked}}" if document.masked else made


def page_pieces(document: Document, sections: Sequence[Section]) -> Iterator[bytes]:
    """The page, a section at a time."""
    yield from (text.encode() for text in _page(document, sections))


def _page(document: Document, sections: Sequence[Section]) -> Iterator[str]:
    title = escape(title_of(document))
    yield (
        f'<!DOCTYPE html>\n<html lang="{escape(document.language)}">\n<head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><title>{title}</title>'
        f"<style>{STYLE}</style></head>\n<body><main>\n<h1>{title}</h1>\n"
        f'<p class="quiet">{escape(made_of(document))}</p>\n'
    )
    yield f'<nav aria-labelledby="contents"><h2 id="contents">{escape(_("Contents"))}</h2><ul>'
    for section in sections:
        yield f'<li><a href="#{escape(section.key)}">{escape(section.title)}</a> ({len(section.entries)})</li>'
    yield f"</ul></nav>\n<h2>{escape(_('What the law wants you to know'))}</h2>\n"
    for topic in document.topics:
        yield f"<h3>{escape(topic.title)}</h3>\n"
        yield from (f"<p>{escape(paragraph)}</p>\n" for paragraph in topic.paragraphs)
    for section in sections:
        yield f'<h2 id="{escape(section.key)}">{escape(section.title)}</h2>\n<ol>\n'
        yield from map(_entry, section.entries)
        yield "</ol>\n"
    yield "</main></body></html>\n"


def _entry(entry: Entry) -> str:
    pairs = "".join(f"<dt>{escape(label)}</dt><dd>{escape(said)}</dd>" for label, said in entry.pairs)
    text = f'<p class="text">{escape(entry.text)}</p>' if entry.text else ""
    listed = f"<dl>{pairs}</dl>" if pairs else ""
    return f'<li class="entry"><strong>{escape(entry.head)}</strong>{listed}{text}</li>\n'
