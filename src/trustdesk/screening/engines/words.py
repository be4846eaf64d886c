"""The one word that every engine says differently: the microseconds of an instant since 1970."""

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir


@ibis.udf.scalar.builtin  # type: ignore[untyped-decorator]
def date_part(part: str, at: dt.Timestamp(timezone="UTC")) -> float:  # type: ignore[valid-type, empty-body]
    """PostgreSQL's; exact to the microsecond until the year 2112."""


@ibis.udf.scalar.builtin  # type: ignore[untyped-decorator]
def epoch_us(at: dt.Timestamp(timezone="UTC")) -> int:  # type: ignore[valid-type, empty-body]
    """DuckDB's."""


@ibis.udf.scalar.builtin  # type: ignore[untyped-decorator]
def unix_micros(at: dt.Timestamp(timezone="UTC")) -> int:  # type: ignore[valid-type, empty-body]
    """Spark's."""


def postgresql_micros(at: ir.TimestampValue) -> ir.IntegerValue:
    return (date_part("epoch", at) * 1_000_000).cast("int64")


def duckdb_micros(at: ir.TimestampValue) -> ir.IntegerValue:
    return epoch_us(at)


def spark_micros(at: ir.TimestampValue) -> ir.IntegerValue:
    return unix_micros(at)
