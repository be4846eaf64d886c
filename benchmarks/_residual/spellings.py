"""All spellings there are."""

from benchmarks._residual import names, numbers, phones
from benchmarks._residual.spelling import Spelling

ALL: tuple[Spelling, ...] = (*phones.SPELLINGS, *names.SPELLINGS, *numbers.SPELLINGS)
