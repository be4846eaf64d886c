"""Whole registers at once with Splink on DuckDB: a first load, or the yearly look for people who stand there twice."""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import replace

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from splink import Linker
from splink.backends.duckdb import DuckDBAPI

from trustdesk.matching.columns import NAMES
from trustdesk.matching.contracts import Pair
from trustdesk.matching.engines.settings import settings
from trustdesk.matching.frequencies import COUNTED, chance
from trustdesk.matching.levels import LEVELS
from trustdesk.matching.model import MISSING, Model
from trustdesk.matching.odds import Floats, log_odds, shares

__all__ = ["SplinkOnDuckDb", "settings"]

_LEAST = 0.01
_TWICE = 0.02
"""How many of a register's persons may stand there twice, before anything is known of it."""


class SplinkOnDuckDb:
    """The engine for one machine. Splink finds, compares and weighs pairs; homes and the posterior are ours."""

    def link(self, left: pa.Table | None, right: pa.Table, model: Model) -> Iterator[Pair]:
        """Pairs that are one person with a probability of 1 % or more, likeliest first within each of `left`.

        Who is asked for is in `left` and has one person in `right` or none. Where `left` is None every pair of `right`
        stands alone, since somebody may stand there three times.
        """
        among = right.num_rows
        with duckdb.connect() as connection:
            api = DuckDBAPI(connection)
            named = {"asked": left, "held": right} if left is not None else {"held": right}
            kind = "link_only" if left is not None else "dedupe_only"
            if left is None:
                model = replace(model, share=_TWICE)
            linker = Linker(
                [api.register(rows, dataset_display_name=name) for name, rows in named.items()],
                settings(model, link_type=kind, among=among),
                log_level=logging.WARNING,
            )
            for column, frequencies in _frequencies(right, model).items():
                lookup = api.register(frequencies, dataset_display_name=f"frequencies_of_{column}")
                linker.table_management.register_term_frequency_lookup(lookup, column)
            predicted = linker.inference.predict(threshold_match_probability=_LEAST / 10).as_pyarrow_table()  # type: ignore[no-untyped-call]
        yield from _pairs(predicted.sort_by("unique_id_l"), model, among, together=left is not None)


def _frequencies(rows: pa.Table, model: Model) -> Mapping[str, pa.Table]:
    """The chance of an accidental agreement in each token, as `rank` counts it."""
    usual = {
        rule.counted: (model.blind_codes[about][rule.code], model.against[about])
        for about, rules in LEVELS.items()
        for rule in reversed(rules)
        if rule.counted
    }
    tables = {}
    for group, (level, against) in usual.items():
        first = NAMES[COUNTED[group][0]]
        tokens = pa.chunked_array([chunk for slot in COUNTED[group] for chunk in rows[NAMES[slot]].chunks], pa.int64())
        counted = pc.value_counts(tokens.drop_null())
        share = chance(group, np.asarray(counted.field("counts"), np.int64), level.u, rows.num_rows)
        eased = share / (1 + against * share / level.m)  # Splink's weight is m over this, and has no `against`
        tables[first] = pa.table({first: counted.field("values"), f"tf_{first}": pa.array(eased)})
    return tables


def _pairs(predicted: pa.Table, model: Model, among: int, *, together: bool) -> Iterator[Pair]:
    left, right = (np.asarray(predicted[f"unique_id_{side}"], np.int64) for side in "lr")
    levels = {about: _levels(predicted, about) for about in LEVELS}
    prior = np.log2(model.share / max(among, 2)) - np.log2(1 - model.share / max(among, 2))
    bits = np.asarray(predicted["match_weight"], np.float64) - prior
    homes = sum((_home_bits(model, about, codes) for about, codes in levels.items()), np.zeros(len(left)))
    odds = log_odds(model, bits, bits + homes, among)
    probabilities = _among_all(odds, left) if together else 1 / (1 + np.exp(-odds))
    for place in np.lexsort((-probabilities, left)):
        if probabilities[place] >= _LEAST:
            reached = {about: str(codes[place]) for about, codes in levels.items()}
            yield Pair(int(left[place]), int(right[place]), float(probabilities[place]), reached)


def _levels(predicted: pa.Table, about: str) -> NDArray[np.str_]:
    """Splink counts levels from the worst, and calls -1 where something is missing."""
    codes = [rule.code for rule in LEVELS[about]]
    by_number = np.array([MISSING, "other", *reversed(codes)])
    return np.asarray(by_number[np.asarray(predicted[f"gamma_{about}"], np.int64) + 1])


def _home_bits(model: Model, about: str, codes: NDArray[np.str_]) -> Floats:
    bits = np.zeros(len(codes))
    for code, level in model.blind_codes[about].items():
        bits[codes == code] = level.home_bits
    return bits


def _among_all(odds: Floats, left: NDArray[np.int64]) -> Floats:
    starts = np.flatnonzero(np.diff(left, prepend=-1))
    return shares(odds, starts, np.diff(np.append(starts, len(left))))[0]
