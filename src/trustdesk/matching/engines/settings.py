"""Our model in Splink's words: the same comparisons, levels, weights and rules, made from the same declarations."""

from collections.abc import Iterable
from itertools import product
from typing import Any

from trustdesk.matching.columns import NAMES, SLOTS
from trustdesk.matching.frequencies import COUNTED
from trustdesk.matching.keys import RULES, STRONG
from trustdesk.matching.levels import COMPARABLE, LEVELS, Rule
from trustdesk.matching.model import Level, Model


def settings(model: Model, *, link_type: str = "link_only", among: int = 1_000_000) -> dict[str, Any]:
    """Splink's settings for tables as `table` makes them; `among` is how many persons the register has.

    Two things Splink cannot say: that a key shared by too many finds nobody (rules that would be too wide without that
    are left out, and of several slots the first counts), and the frequency of any other slot than the first.
    """
    return {
        "link_type": link_type,
        "unique_id_column_name": "unique_id",
        "probability_two_random_records_match": model.share / max(among, 2),
        "blocking_rules_to_generate_predictions": [
            {"blocking_rule": " AND ".join(f"l.{name} = r.{name}" for name in _first(groups)), "sql_dialect": "duckdb"}
            for groups, most in RULES.values()
            if most == STRONG
        ],
        "comparisons": [_comparison(about, rules, model) for about, rules in LEVELS.items()],
        "retain_intermediate_calculation_columns": True,
        "retain_matching_columns": True,
    }


def _first(groups: Iterable[str]) -> Iterable[str]:
    return (NAMES[SLOTS[group][0]] for group in groups)


def _comparison(about: str, rules: tuple[Rule, ...], model: Model) -> dict[str, Any]:
    known = model.blind_codes[about]
    agreements = {rule.code: _agree(rule) for rule in rules}
    said = [*agreements.values(), *(_both(columns) for columns in COMPARABLE[about])]
    levels: list[dict[str, Any]] = [
        {"sql_condition": f"NOT ({' OR '.join(said)})", "label_for_charts": "missing", "is_null_level": True},
        *(_level(known[rule.code], agreements[rule.code]) | _frequency(rule) for rule in rules),
    ]
    if "other" in known:
        levels.append(_level(known["other"], "ELSE"))
    else:
        levels.append({"sql_condition": "ELSE", "label_for_charts": "never"} | dict.fromkeys(_PROBABILITIES, 1e-9))
    return {"output_column_name": about, "comparison_levels": levels}


_PROBABILITIES = ("m_probability", "u_probability")


def _level(level: Level, condition: str) -> dict[str, Any]:
    return {
        "sql_condition": condition,
        "label_for_charts": level.code,
        "m_probability": level.m,
        "u_probability": level.u,
    }


def _frequency(rule: Rule) -> dict[str, Any]:
    if not rule.counted:
        return {}
    return {
        "tf_adjustment_column": NAMES[COUNTED[rule.counted][0]],
        "tf_adjustment_weight": 1.0,
        "disable_tf_exact_match_detection": True,
    }


def _agree(rule: Rule) -> str:
    pairs = [f"{NAMES[left]}_l = {NAMES[right]}_r" for pool in rule.pools for left, right in product(pool, pool)]
    agree = f"COALESCE({' OR '.join(pairs)}, FALSE)"
    return f"({agree} AND NOT {_both(SLOTS[rule.unless])})" if rule.unless else agree


def _both(columns: tuple[int, ...]) -> str:
    """Each side has one of these."""
    sides = (" OR ".join(f"{NAMES[column]}_{side} IS NOT NULL" for column in columns) for side in "lr")
    return "({})".format(" AND ".join(f"({side})" for side in sides))
