"""Splink as a careful user sets it up: the strongest peer that we know how to build of it without labels. `Peer` says
who it is, `Scorer` how long that takes.

It gets the same normalised values as ours. Names are compared by Jaro and Winkler with term frequencies, the address by
one comparison of six levels; *u* comes from random pairs, *m* from expectation maximisation on three different blocks.
Around it stands what Splink itself doesn't do and what is right for a feed: nobody is taken whose given name is
another one, and each candidate is weighed against all others of the change, and against nobody.
"""

import json
import logging
import tempfile
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa
    from splink import SettingsCreator

    from trustdesk.matching.contracts import Identity

SEED = 11
RANDOM_PAIRS = 2e7
KNOWN = 0.71  # about so many changes of a feed are of customers: told to the peer, who has no other way to know
OTHER_GIVEN = 0  # Splink's number of the last level: nothing in common
_TEXTS = ("given", "family", "birth_date", "street", "house", "flat", "postcode", "town")
_LISTS = ("givens", "families", "phones", "emails")


def columns(numbers: Sequence[int], identities: Sequence["Identity"]) -> "pa.Table":
    """What somebody is known by, a column each; null where it isn't known."""
    import pyarrow as pa  # noqa: PLC0415  # the peer's libraries are loaded by those who measure it

    found: dict[str, list[Any]] = {name: [] for name in (*_TEXTS, *_LISTS)}
    for identity in identities:
        home = identity.addresses[0] if identity.addresses else None
        found["given"].append(identity.given[0] if identity.given else None)
        found["family"].append(identity.family[0] if identity.family else None)
        found["birth_date"].append(identity.birth_date or None)
        for part in ("street", "house", "flat", "postcode", "town"):
            found[part].append((getattr(home, part) or None) if home else None)
        lists = (identity.given, identity.family, (*identity.phones, *identity.shared_phones), identity.emails)
        for name, several in zip(_LISTS, lists, strict=True):
            found[name].append(list(dict.fromkeys(several)) or None)
    arrays = {name: pa.array(values, pa.string()) for name, values in found.items() if name in _TEXTS}
    arrays |= {name: pa.array(values, pa.list_(pa.string())) for name, values in found.items() if name in _LISTS}
    return pa.table({"unique_id": pa.array(numbers, pa.int64()), **arrays})


@dataclass(frozen=True, slots=True)
class Guess:
    """Whom a change is most likely of, and how likely among all candidates and nobody."""

    customer: int
    probability: float


class Peer:
    """A register loaded into DuckDB, and a model of it that was trained on a feed without being told the truth."""

    def __init__(self, register: "pa.Table", feed: "pa.Table", *, known: float, veto: bool = True) -> None:
        """`known` is about what share of a feed is of people of the register. No `veto` where nobody lives together."""
        from splink import DuckDBAPI, Linker  # noqa: PLC0415

        logging.getLogger("splink").setLevel(logging.ERROR)
        self._size, self._known, self._veto = register.num_rows, known, veto
        self._dated = feed["birth_date"].null_count < feed.num_rows
        self._database = DuckDBAPI()
        self._left = self._database.register(register, dataset_display_name="peer_register")
        self._feeds = 0
        right = self._register(feed)
        settings = careful(known / self._size)
        self._linker = Linker([self._left, right], settings, log_level=logging.ERROR)
        for column in ("given", "family"):
            self._linker.table_management.compute_tf_table(column)
        self._train()

    @property
    def settings(self) -> Mapping[str, Any]:
        """The comparisons, the blocks and all that was trained, as Splink saves it."""
        return self._linker.misc.save_model_to_json()

    def _register(self, feed: "pa.Table") -> Any:  # noqa: ANN401  # Splink's own frame
        self._feeds += 1
        return self._database.register(feed, dataset_display_name=f"peer_feed_{self._feeds}")

    def _train(self) -> None:
        from splink import block_on  # noqa: PLC0415

        training = self._linker.training
        training.estimate_u_using_random_sampling(max_pairs=RANDOM_PAIRS, seed=SEED, min_count_per_level=None)
        rules = [block_on("given", "family")]
        if self._dated:
            # Not by address: there whole households would be taken for the same person.
            rules += [block_on("given", "birth_date"), block_on("family", "birth_date")]
        else:
            rules += [
                block_on("given", "street", "house"),
                block_on("family", "street", "house", "substr(given, 1, 2)"),
            ]
        for rule in rules:
            training.estimate_parameters_using_expectation_maximisation(
                rule, fix_probability_two_random_records_match=True
            )

    def guesses(self, feed: "pa.Table") -> Mapping[int, Guess]:
        """By change, with the veto and the posterior; changes without any candidate are left out."""
        right = self._register(feed)
        found = self._linker.inference.predict_between(self._left, right, warning_mode="never")
        rows = found.as_duckdbpyrelation().project(
            "unique_id_l, unique_id_r, match_weight, gamma_given, source_dataset_l = 'peer_register'"
        )
        weights: dict[int, list[tuple[float, int]]] = defaultdict(list)
        for left, right_id, weight, given, in_order in rows.fetchall():
            customer, change = (left, right_id) if in_order else (right_id, left)
            if given != OTHER_GIVEN or not self._veto:
                weights[change].append((2.0 ** min(weight, 200.0), customer))
        found.drop_table_from_database_and_remove_from_cache()
        nobody = 1 - self._known  # the model's prior is that of a customer of the register, spread over all of it
        return {
            change: Guess(best[1], best[0] / (nobody + sum(weight for weight, _customer in found_for)))
            for change, found_for in weights.items()
            for best in [max(found_for)]
        }


def careful(prior: float) -> "SettingsCreator":
    """Comparisons and blocks; `prior` is how likely two random records are one person."""
    import splink.comparison_library as cl  # noqa: PLC0415
    from splink import SettingsCreator, block_on  # noqa: PLC0415

    return SettingsCreator(
        link_type="link_only",
        probability_two_random_records_match=prior,
        comparisons=[
            _name("given", "givens"),
            _name("family", "families"),
            _birth_date(),
            _address(),
            cl.ArrayIntersectAtSizes("phones", [1]),
            cl.ArrayIntersectAtSizes("emails", [1]),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("given", "family"),
            block_on("birth_date"),
            block_on("street", "postcode"),
            block_on("family", "postcode"),
            block_on("given", "postcode", "substr(family, 1, 2)"),
            block_on("given", "street", "town"),
            block_on("family", "street", "town"),
            block_on("phones", arrays_to_explode=["phones"]),
            block_on("emails", arrays_to_explode=["emails"]),
        ],
        retain_intermediate_calculation_columns=False,
        retain_matching_columns=True,
    )


def _name(one: str, several: str) -> Any:  # noqa: ANN401  # one of Splink's creators
    import splink.comparison_level_library as cll  # noqa: PLC0415
    import splink.comparison_library as cl  # noqa: PLC0415

    return cl.CustomComparison(
        output_column_name=one,
        comparison_levels=[
            cll.NullLevel(one),
            cll.ExactMatchLevel(one, term_frequency_adjustments=True),
            cll.JaroWinklerLevel(one, 0.92),
            cll.ArrayIntersectLevel(several, 1),
            cll.JaroWinklerLevel(one, 0.8),
            cll.ElseLevel(),
        ],
    )


def _birth_date() -> Any:  # noqa: ANN401
    import splink.comparison_level_library as cll  # noqa: PLC0415
    import splink.comparison_library as cl  # noqa: PLC0415

    return cl.CustomComparison(
        output_column_name="birth_date",
        comparison_levels=[
            cll.NullLevel("birth_date"),
            cll.ExactMatchLevel("birth_date"),
            cll.DamerauLevenshteinLevel("birth_date", 1),
            cll.CustomLevel(
                "substr(birth_date_l, 1, 4) = substr(birth_date_r, 1, 4)"
                " AND substr(birth_date_l, 6, 2) = substr(birth_date_r, 9, 2)"
                " AND substr(birth_date_l, 9, 2) = substr(birth_date_r, 6, 2)",
                "day and month swapped",
            ),
            cll.CustomLevel("substr(birth_date_l, 5) = substr(birth_date_r, 5)", "same day"),
            cll.ElseLevel(),
        ],
    )


def _address() -> Any:  # noqa: ANN401
    import splink.comparison_level_library as cll  # noqa: PLC0415
    import splink.comparison_library as cl  # noqa: PLC0415

    same_house = "street_l = street_r AND house_l = house_r"
    near = "(postcode_l = postcode_r OR town_l = town_r)"
    levels: Sequence[tuple[str, str]] = (
        (f"{same_house} AND flat_l = flat_r AND {near}", "same flat"),
        (f"{same_house} AND {near}", "same house"),
        (f"jaro_winkler_similarity(street_l, street_r) >= 0.9 AND house_l = house_r AND {near}", "street misspelled"),
        (f"street_l = street_r AND {near}", "same street"),
        (near, "same postcode or town"),
    )
    return cl.CustomComparison(
        output_column_name="address",
        comparison_levels=[
            cll.CustomLevel("(street_l IS NULL OR street_r IS NULL)", "null").configure(is_null_level=True),
            *(cll.CustomLevel(sql, label) for sql, label in levels),
            cll.ElseLevel(),
        ],
    )


class Scorer:
    """Splink with a model that is trained already: warm, the register in tables of DuckDB's own."""

    def __init__(self, register: "pa.Table", settings: Mapping[str, Any]) -> None:
        from splink import DuckDBAPI, Linker  # noqa: PLC0415

        logging.getLogger("splink").setLevel(logging.ERROR)
        self._database = DuckDBAPI()
        self._feeds = 0
        self._left = self._load("held", register)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "model.json"
            # What a user reads to understand a pair is left out: it costs, and nobody asks for it here.
            bare = {"retain_intermediate_calculation_columns": False, "retain_matching_columns": False}
            path.write_text(json.dumps({**settings, **bare}))
            self._linker = Linker([self._left, self._feed(register.slice(0, 1))], path, log_level=logging.ERROR)
        for column in sorted({column.name for column in self._linker._settings_obj._term_frequency_columns}):  # noqa: SLF001
            self._linker.table_management.compute_tf_table(column)

    def _load(self, name: str, table: "pa.Table") -> Any:  # noqa: ANN401
        """As a table that DuckDB keeps: from Arrow's memory it would be read anew by every rule."""
        connection = self._database.duckdb_con
        connection.register("arriving", table)
        connection.execute(f"CREATE TABLE {name}_loaded AS SELECT * FROM arriving")
        connection.unregister("arriving")
        return self._database.register(f"{name}_loaded", dataset_display_name=name)

    def _feed(self, feed: "pa.Table") -> Any:  # noqa: ANN401
        self._feeds += 1
        return self._load(f"feed_{self._feeds}", feed)

    def prepared(self, feed: "pa.Table") -> Callable[[], int]:
        """To be called for one scoring of a feed that is loaded already; it gives how many pairs there were."""
        right = self._feed(feed)

        def score() -> int:
            found = self._linker.inference.predict_between(self._left, right, warning_mode="never")
            [[pairs]] = found.as_duckdbpyrelation().aggregate("count(*)").fetchall()
            found.drop_table_from_database_and_remove_from_cache()
            return int(pairs)

        return score
