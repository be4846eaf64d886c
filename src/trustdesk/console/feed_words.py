"""Feeds in words: ways in, states, fates, limits of the brake, and why a record was set aside, with its mend."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from trustdesk.console.reasons import reason_label
from trustdesk.feeds.contracts import (
    REPEATED,
    Brake,
    DeliveryState,
    DeliveryView,
    FeedState,
    FeedView,
    Limit,
    Transport,
)
from trustdesk.updates.contracts import ChangeKind, Fate

_AT_ONCE = 500  # as many as `updates.undo` takes back before it answers
TONES: Mapping[DeliveryState, str] = {
    DeliveryState.DONE: "good",
    DeliveryState.STOPPED: "bad",
    DeliveryState.FAILED: "bad",
    DeliveryState.DISCARDED: "plain",
}


def transport_label(transport: Transport) -> str:
    return {
        Transport.FOLDER: _("Folder"),
        Transport.SFTP: _("Files (SFTP)"),
        Transport.HTTP: _("Interface (HTTP)"),
        Transport.WEBHOOK: _("Signed messages"),
        Transport.UPLOAD: _("By hand"),
    }[transport]


def transport_words(transport: Transport) -> str:
    return {
        Transport.FOLDER: _("Files that somebody puts into a folder of this machine."),
        Transport.SFTP: _("Files on a file server, looked for every few minutes."),
        Transport.HTTP: _("An interface that is asked for what came after a cursor, page after page."),
        Transport.WEBHOOK: _("Another system sends each change as it happens (Standard Webhooks)."),
        Transport.UPLOAD: _("Files that are given on this page."),
    }[transport]


def kind_label(kind: ChangeKind) -> str:
    return {
        ChangeKind.MOVE: _("move"),
        ChangeKind.NAME: _("change of name"),
        ChangeKind.DEATH: _("death"),
        ChangeKind.PHONE: _("phone"),
        ChangeKind.EMAIL: _("e-mail"),
        ChangeKind.NON_DISCLOSURE: _("non-disclosure order"),
        ChangeKind.STATE: _("what the source holds now"),
    }[kind]


def standing_of(view: FeedView) -> tuple[str, str]:
    """How a feed stands, and its tone."""
    if view.state is FeedState.STOPPED:
        return _("stopped by the brake"), "bad"
    if view.state is FeedState.PAUSED:
        return _("paused"), "warn"
    if view.fault is not None:
        return _("does not work"), "bad"
    if view.asked_at is None and view.last_delivery_at is None:
        return _("nothing came yet"), "plain"
    return _("works"), "good"


def place_of(view: FeedView) -> str:
    """Where we look for its changes, as one line; empty where they come by themselves."""
    held = {"port": 22, "folder": ".", "pattern": "*", **view.setup}
    return {
        Transport.FOLDER: "{folder}/{pattern}",
        Transport.SFTP: "{user}@{host}:{port} {folder}/{pattern}",
        Transport.HTTP: "{address}{path}",
    }.get(view.transport, "").format_map(held)


def delivery_label(state: DeliveryState) -> str:
    return {
        DeliveryState.WAITING: _("waits"),
        DeliveryState.CHECKING: _("is counted"),
        DeliveryState.STOPPED: _("stopped by the brake"),
        DeliveryState.WORKING: _("is applied"),
        DeliveryState.DONE: _("applied"),
        DeliveryState.DISCARDED: _("discarded"),
        DeliveryState.FAILED: _("failed"),
    }[state]


def fates_of(counts: Mapping[str, int]) -> list[tuple[str, int, str]]:
    """What became of the records: words, number, tone; in the order of a report, without what did not happen."""
    told = [
        (Fate.UPDATED, _("updated"), "good"),
        (Fate.CONFIRMED, _("confirmed: it was so already"), "good"),
        (Fate.REVIEW, _("wait for somebody who looks"), "warn"),
        (Fate.KEPT, _("kept: what we hold outranks it"), ""),
        (Fate.NONE, _("of nobody here"), ""),
        (Fate.STAYS_AWAY, _("of somebody who was erased or objected"), ""),
        (Fate.CLOSED, _("of somebody whose data are restricted"), ""),
        (Fate.BEFORE, _("taken before"), ""),
        (REPEATED, _("twice in the delivery"), ""),
    ]
    return [(words, counts[code], tone) for code, words, tone in told if counts.get(code)]


def limits_of(view: DeliveryView, brake: Brake) -> list[str]:
    """What was counted, against what the feed may say in a day: a sentence for each limit."""
    return [_limit(limit, view, brake) for limit in view.brakes]


def _limit(limit: Limit, view: DeliveryView, brake: Brake) -> str:
    seen = view.seen
    match limit:
        case Limit.DEATHS:
            return _("%(count)s of %(whole)s records of a day say that somebody died; at most %(share)s %% may.") % {
                "count": seen.day_deaths,
                "whole": seen.day_records,
                "share": _percent(brake.deaths),
            }
        case Limit.ONE_ADDRESS:
            return _(
                "%(count)s of %(whole)s records of a day move to one and the same address; at most %(share)s %% may."
            ) % {
                "count": seen.one_address,
                "whole": seen.day_records,
                "share": _percent(brake.one_address),
            }
        case Limit.REGISTER:
            return _(
                "%(count)s persons in a day, in a register of %(whole)s; at most %(share)s %% of it may change."
            ) % {
                "count": seen.day_persons,
                "whole": seen.customers,
                "share": _percent(brake.register),
            }
        case Limit.FUTURE:
            return _("%(count)s of %(whole)s records are dated in the future; at most %(share)s %% may be.") % {
                "count": seen.future,
                "whole": seen.records + seen.unreadable,
                "share": _percent(brake.future),
            }


def _percent(share: float) -> str:
    return f"{100 * share:g}"


def code_words(code: str) -> str:
    """Why a record was set aside, or a delivery failed; a code that has no words is shown as it is."""
    words = {
        "no-kind": _("Nothing says what changed."),
        "unknown-kind": _("The word for what changed is not known: add it to the reading."),
        "no-person": _("Nothing says whose change it is."),
        "nothing-changes": _("It changes nothing."),
        "no-date": _("Nothing says since when it is so."),
        "bad-date": _("The date can't be read."),
        "in-the-future": _("It is dated in the future."),
        "no-position": _("Nothing says which record it is."),
        "two-people": _("It is about two people in one record."),
        "bad-number": _("A number can't be one."),
        "record-too-long": _("A value is too long."),
        "wrong-width": _("It is not as wide as the format says."),
        "unknown-record": _("The format knows no such record."),
        "truncated": _("The file ends in the middle of it."),
        "impossible-value": _("A value can't be one."),
        "taken-back": _("The source takes back what it said before: somebody has to look at it."),
        "not-json": _("It is no JSON."),
        "not-an-object": _("It is no object of JSON, or lacks its parts."),
        "nested-value": _("A value of it is a list or an object."),
        "duplicate-key": _("It says the same thing twice."),
        "too-few-cells": _("It has fewer cells than columns."),
        "too-many-cells": _("It has more cells than columns."),
        "cell-too-long": _("A cell is too long."),
        "stray-quote": _("A quotation mark stands where none may."),
        "nul-character": _("It holds a character that belongs in no text."),
        "not-unicode-text": _("It holds letters that are none."),
        "wrong-encoding": _("It is not in the encoding that was said."),
        "empty-file": _("There is nothing in it."),
        "unusable-header": _("Its first row names no columns, or it holds no list of changes."),
        "contradicts-itself": _("The delivery says something else of the same record before."),
        "bad-input": _("The register could not take it."),
        "fault": _("Something went wrong that nobody foresaw: the log of the program says more."),
        "refused": _("The company's own mandate does not allow it now."),
        "too-old": _("It was not applied within its week."),
    }
    return words.get(code) or reason_label(code) or code


def taken_back_words(count: int) -> str:
    """What came of taking back; of very many the rest follows."""
    if not count:
        return _("Nothing of it was left to take back.")
    said = ngettext(
        "%(count)s change is taken back: what counted before counts again.",
        "%(count)s changes are taken back: what counted before counts again.",
        count,
    ) % {"count": count}
    rest = _("The rest follows in the background.")
    return said if count < _AT_ONCE else f"{said} {rest}"


def left_of(view: FeedView) -> str:
    """What waits or was set aside, in words; empty where nothing is."""
    told = []
    if view.waiting:
        told.append(
            ngettext("%(count)s delivery waits", "%(count)s deliveries wait", view.waiting) % {"count": view.waiting}
        )
    if view.parked:
        told.append(
            ngettext("%(count)s record set aside", "%(count)s records set aside", view.parked) % {"count": view.parked}
        )
    return " · ".join(told)
