"""What a batch of changes writes: many values of many customers, in as many statements as there are kinds of writes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.ids import new_id
from trustdesk.kernel.registries import Correction, StoredPoint
from trustdesk.register import wire
from trustdesk.register.contracts import CONTACT_POINTS, Confirmation, ConfirmedBy
from trustdesk.register.places import value_place
from trustdesk.register.services.retokening import renew
from trustdesk.register.services.standing import Person, Standing
from trustdesk.register.watching import tell, tell_corrected, tell_superseded
from trustdesk.vault.api import Sealer

_INSERT = """
INSERT INTO register_value (controller_id, customer_id, id, attribute_id, sealed, open_text, label, shared_line,
  source_id, recorded_at, recorded_by, confirmed_at, confirmed_by, rectified, superseded_at, superseded_by)
SELECT %s, customer_id, id, attribute_id, sealed, open_text, coalesce(label, ''), shared <> 0, %s, %s, %s,
  confirmed_at, %s, false, CASE WHEN gone <> 0 THEN %s::timestamptz END, nullif(by, 0)
FROM unnest(%s, %s, %s, %s, %s, %s, %s, %s::timestamptz[], %s, %s) AS fresh (customer_id, id, attribute_id, sealed,
  open_text, label, shared, confirmed_at, gone, by)
"""
_SUPERSEDE = """
UPDATE register_value v SET superseded_at = %s, superseded_by = nullif(gone.by, 0)
FROM unnest(%s, %s, %s) AS gone (customer_id, id, by)
WHERE v.controller_id = %s AND v.customer_id = gone.customer_id AND v.id = gone.id AND v.superseded_at IS NULL
"""
_REVIVE = """
UPDATE register_value v SET superseded_at = NULL, superseded_by = NULL FROM unnest(%s, %s) AS back (customer_id, id)
WHERE v.controller_id = %s AND v.customer_id = back.customer_id AND v.id = back.id AND v.superseded_at IS NOT NULL
"""
_CONFIRM = """
UPDATE register_value v SET confirmed_at = found.at, confirmed_by = %s, confirmed_by_operator = NULL
FROM unnest(%s, %s, %s::timestamptz[]) AS found (customer_id, id, at)
WHERE v.controller_id = %s AND v.customer_id = found.customer_id AND v.id = found.id
"""
_RESTORE = """
UPDATE register_value v SET confirmed_at = stood.at, confirmed_by = stood.by, confirmed_by_operator = NULL
FROM unnest(%s, %s, %s::timestamptz[], %s) AS stood (customer_id, id, at, by)
WHERE v.controller_id = %s AND v.customer_id = stood.customer_id AND v.id = stood.id
"""
_TOUCH = "UPDATE register_customer SET updated_at = %s WHERE controller_id = %s AND id = ANY(%s)"
_EVENTS = """
INSERT INTO register_event (controller_id, customer_id, id, at, kind, operator_id, value_id, detail)
SELECT %s, customer_id, id, %s, kind, %s, value_id, coalesce(detail, '')
FROM unnest(%s, %s, %s, %s, %s) AS happened (customer_id, id, kind, value_id, detail)
"""


@dataclass(slots=True)
class Writing:
    """Collects what is to be written, and writes it at the end. Call inside `scoped`, the customers locked."""

    context: AccessContext
    now: datetime
    source_id: int = 0  # where values are added: whose they are
    _fresh: list[Standing] = field(default_factory=list)
    _confirmed: dict[int, Standing] = field(default_factory=dict)
    _restored: dict[int, Standing] = field(default_factory=dict)
    _touched: dict[int, Standing] = field(default_factory=dict)
    _events: list[tuple[int, str, int, str]] = field(default_factory=list)

    @property
    def subjects(self) -> list[int]:
        """All customers of whom something is written."""
        return sorted({value.customer_id for value in self._touched.values()})

    def add(self, value: Standing) -> None:
        self._fresh.append(value)
        self._touched[value.value_id] = value

    def supersede(self, value: Standing, *, by: int | None) -> None:
        value.current, value.superseded_by = False, by
        self._touched[value.value_id] = value

    def revive(self, value: Standing) -> None:
        value.current, value.superseded_by = True, None
        self._touched[value.value_id] = value

    def confirm(self, value: Standing, *, at: datetime) -> None:
        value.since = value.confirmed_at = at
        value.confirmed_by = ConfirmedBy.FEED.value
        self._confirmed[value.value_id] = self._touched[value.value_id] = value
        self.note(value.customer_id, "confirmed", value.value_id, ConfirmedBy.FEED.value)

    def restore(self, value: Standing, before: Confirmation | None) -> None:
        value.confirmed_at, value.confirmed_by = (before.at, before.by.value) if before else (None, None)
        self._restored[value.value_id] = self._touched[value.value_id] = value

    def note(self, customer_id: int, kind: str, value_id: int, detail: str = "") -> None:
        self._events.append((customer_id, kind, value_id, detail))

    def write(self, people: Iterable[Person]) -> None:
        """Everything, and whoever has to know is told."""
        if not self._touched and not self._events:
            return
        self._insert()
        self._update()
        self._note()
        wire.run(_TOUCH, self.now, self.context.controller_id, wire.Int8Column(self.subjects))
        renew(self.context, people)
        self._tell()

    def _insert(self) -> None:
        fresh = self._fresh
        if not fresh:
            return
        with Sealer(self.context) as sealer:
            sealer.prepare([each.customer_id for each in fresh])
            boxes = [self._sealed(sealer, each) for each in fresh]
        wire.run(
            _INSERT,
            self.context.controller_id,
            self.source_id,
            self.now,
            self.context.operator_id,
            ConfirmedBy.FEED.value,
            self.now,
            wire.Int8Column([each.customer_id for each in fresh]),
            wire.Int8Column([each.value_id for each in fresh]),
            wire.Int8Column([each.attribute.attribute_id for each in fresh]),
            wire.ByteaColumn(boxes),
            wire.TextColumn(None if each.attribute.sealed else each.text for each in fresh),
            wire.TextColumn(each.label or None for each in fresh),
            wire.Int8Column([int(each.shared_line) for each in fresh]),
            [each.confirmed_at for each in fresh],
            wire.Int8Column([int(not each.current) for each in fresh]),
            wire.Int8Column([each.superseded_by or 0 for each in fresh]),
        )

    @staticmethod
    def _sealed(sealer: Sealer, value: Standing) -> bytes | None:
        if not value.attribute.sealed:
            return None
        place = value_place(value.value_id)
        return sealer.seal(value.customer_id, value.attribute.retention_class, place, value.text or "")

    def _update(self) -> None:
        controller = self.context.controller_id
        if gone := self._gone():
            by = wire.Int8Column([each.superseded_by or 0 for each in gone])
            wire.run(_SUPERSEDE, self.now, *_numbers(gone), by, controller)
        if back := self._back():
            wire.run(_REVIVE, *_numbers(back), controller)
        if found := [each for each in self._confirmed.values() if each.stood]:
            at = [each.confirmed_at for each in found]
            wire.run(_CONFIRM, ConfirmedBy.FEED.value, *_numbers(found), at, controller)
        if stood := list(self._restored.values()):
            at = [each.confirmed_at for each in stood]
            wire.run(_RESTORE, *_numbers(stood), at, wire.TextColumn(each.confirmed_by for each in stood), controller)

    def _note(self) -> None:
        if not self._events:
            return
        wire.run(
            _EVENTS,
            self.context.controller_id,
            self.now,
            self.context.operator_id,
            wire.Int8Column([customer_id for customer_id, _kind, _value, _detail in self._events]),
            wire.Int8Column([new_id() for _event in self._events]),
            wire.TextColumn(kind for _customer, kind, _value, _detail in self._events),
            wire.Int8Column([value_id for _customer, _kind, value_id, _detail in self._events]),
            wire.TextColumn(detail or None for _customer, _kind, _value, detail in self._events),
        )

    def _tell(self) -> None:
        context, gone, back = self.context, self._gone(), self._back()
        came = [*back, *(each for each in self._fresh if each.current)]
        tell_superseded(context, [(each.customer_id, each.value_id, each.attribute.kind) for each in gone])
        points = [
            StoredPoint(each.customer_id, each.value_id, each.attribute.kind.value, each.text or "")
            for each in came
            if each.attribute.kind in CONTACT_POINTS
        ]
        tell(context, points)
        corrections = [Correction(each.customer_id, each.value_id, self._newest(each)) for each in gone]
        # Who was told meanwhile that it is wrong hears that it counts again.
        corrections += [Correction(each.customer_id, each.value_id, each.value_id) for each in back]
        tell_corrected(context, corrections, now=self.now)

    def _gone(self) -> list[Standing]:
        return [each for each in self._touched.values() if each.stood and not each.current]

    def _back(self) -> list[Standing]:
        fresh = {each.value_id for each in self._fresh}
        return [
            each for each in self._touched.values() if each.current and not each.stood and each.value_id not in fresh
        ]

    def _newest(self, value: Standing) -> int | None:
        """What counts in its place after all of the batch."""
        following = value.superseded_by
        while following in self._touched and not self._touched[following].current:
            following = self._touched[following].superseded_by
        return following


def _numbers(values: Sequence[Standing]) -> tuple[wire.Int8Column, wire.Int8Column]:
    return wire.Int8Column([each.customer_id for each in values]), wire.Int8Column([each.value_id for each in values])
