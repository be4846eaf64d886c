"""Every code of the register's has its words."""

from trustdesk.design.origin import origin_label
from trustdesk.design.restriction import ground_choices, ground_label
from trustdesk.desk.words import kind_icon, kind_label
from trustdesk.register.contracts import CustomerKind, RestrictionGround, SourceKind


def test_every_ground_has_words_and_what_only_erasure_sets_can_not_be_chosen() -> None:
    assert len({ground_label(ground) for ground in RestrictionGround}) == len(RestrictionGround)
    assert {value for value, _words in ground_choices()} == set(RestrictionGround) - {RestrictionGround.KEPT_BY_LAW}


def test_every_kind_and_every_origin_has_words() -> None:
    assert all(kind_label(kind) and kind_icon(kind) for kind in CustomerKind)
    assert all(origin_label(kind, "List") for kind in SourceKind)
