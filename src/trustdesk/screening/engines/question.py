"""From a question of clearance to an engine's SQL.

To compile takes half a second, and the same question is asked of list after list: its text is kept, with a stand-in
where the instant comes.
"""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import ibis

from trustdesk.clearance.api import SetQuestion
from trustdesk.decision.api import set_mask
from trustdesk.screening.engines.facts import KEY, Asking, Micros, facts
from trustdesk.screening.engines.outside import ListUse
from trustdesk.screening.engines.tables import Tables
from trustdesk.screening.models import List

_STAND_IN = datetime(1970, 1, 1, 1, 2, 3, 456_789, tzinfo=UTC)
_MOST_TEXTS = 64
_lock = threading.Lock()
_texts: dict[object, str] = {}


def compiled(
    place: str, tables: Callable[[], Tables], question: SetQuestion, asked: List, *, dialect: str, micros: Micros
) -> str:
    """The SELECT that gives key and mask, in an engine's SQL. `place` says which tables are meant."""
    key = (place, dialect, *_same(question, asked))
    text = _texts.get(key)
    if text is None:
        text = _compile(tables(), question, asked, dialect, micros)
        with _lock:
            if len(_texts) >= _MOST_TEXTS:
                _texts.clear()
            _texts[key] = text
    return text.replace(_instant(_STAND_IN, dialect), _instant(question.program.question.at, dialect))


def _same(question: SetQuestion, asked: List) -> tuple[object, ...]:
    """All that the text depends on, but for the instant."""
    program, about = question.program, question.program.question.about
    return (
        program.packs_digest,
        program.policy_digest,
        program.valid_from,
        program.valid_to,
        program.question.channel,
        program.question.legal_basis,
        tuple(sorted((name, repr(value)) for name, value in about.items())),
        question.purpose.purpose_id,
        question.purpose.assessed(program.question.at),
        tuple(question.lists),
        question.token_version,
        asked.controller_id,
        asked.id,
        asked.level,
        asked.numbers,
        asked.customers,
        asked.older,
    )


def _compile(tables: Tables, question: SetQuestion, asked: List, dialect: str, micros: Micros) -> str:
    at_any_time = replace(question.program, question=replace(question.program.question, at=_STAND_IN))
    found = facts(tables, _asking(question, asked, micros))
    decided = found.select(*KEY, mask=set_mask(at_any_time, found))
    return str(ibis.to_sql(decided, dialect=dialect, pretty=False))


def _instant(at: datetime, dialect: str) -> str:
    """The instant as the dialect writes it."""
    text = str(ibis.to_sql(ibis.literal(at).name("at"), dialect=dialect, pretty=False))
    return text.removeprefix("SELECT ").rpartition(" AS ")[0]


def _asking(question: SetQuestion, asked: List, micros: Micros) -> Asking:
    at = question.program.question.at
    product = question.program.question.about.get("product")
    return Asking(
        list_id=asked.id,
        channel=question.program.question.channel.value,
        kind=question.kind.value,
        purpose_id=question.purpose.purpose_id,
        purpose_kind=question.purpose.kind.value,
        at=_STAND_IN,
        needed=frozenset(question.program.facts),
        lists=tuple(
            ListUse(
                load_id=one.load_id,
                country=one.country,
                hashed=one.hashed,
                current=one.current,
                ends_at=one.ends_at,
                own=one.own,
            )
            for one in question.lists
        ),
        constants={"lia_done": question.purpose.assessed(at)},
        product=None if product is None else str(product),
        level=asked.level,
        version=question.token_version,
        older=asked.older,
        numbers=asked.numbers,
        customers=asked.customers,
        micros=micros,
    )
