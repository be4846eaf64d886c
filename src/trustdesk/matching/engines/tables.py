"""Profiles as a table of named columns: what databases compare. Nothing is null there, and nulls never agree."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from trustdesk.matching.columns import NAMES

if TYPE_CHECKING:  # as in `contracts`
    import pyarrow as pa


def table(ids: NDArray[np.int64], profiles: NDArray[np.int64]) -> "pa.Table":
    """Profiles (rows of WIDTH tokens) by id, as the engines take them."""
    import pyarrow as pa  # noqa: PLC0415 - as above

    columns = {
        name: pa.array(column, pa.int64(), mask=column == 0)
        for name, column in zip(NAMES, np.ascontiguousarray(profiles.T), strict=True)
    }
    return pa.table({"unique_id": pa.array(ids, pa.int64()), **columns})
