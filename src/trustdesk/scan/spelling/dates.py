"""A date of birth in the notations of five languages."""

from collections.abc import Iterator
from datetime import date

from trustdesk.scan.contracts import Kind, Strength, Variant

_MONTHS = {
    "hu": "január február március április május június július augusztus szeptember október november december",
    "hu short": "jan febr márc ápr máj jún júl aug szept okt nov dec",
    "fi": "tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta syyskuuta lokakuuta"
    " marraskuuta joulukuuta",
    "pl": "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "at": "Jänner Feber März April Mai Juni Juli August September Oktober November Dezember",
    "en": "January February March April May June July August September October November December",
    "en short": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
    "roman": "I II III IV V VI VII VIII IX X XI XII",
}


def birth_dates(day: date) -> Iterator[Variant]:
    """All are weak: a day is shared by thousands."""
    numbers = (
        f"{day:%Y%m%d}", f"{day:%d%m%Y}", f"{day:%m%d%Y}", f"{day:%y%m%d}", f"{day:%d%m%y}",
        f"{day.year}{day.month}{day.day}", f"{day.day}{day.month}{day.year}",
    )  # fmt: skip
    for form in numbers:
        yield Variant(Kind.BIRTH_DATE, form, Strength.NEAR, about=f"{day:%Y%m%d}")
    for names in _MONTHS.values():
        month = names.split()[day.month - 1]
        for number in dict.fromkeys((str(day.day), f"{day:%d}")):
            for form in (
                f"{day.year} {month} {number}",
                f"{number} {month} {day.year}",
                f"{month} {number} {day.year}",
            ):
                yield Variant(Kind.BIRTH_DATE, form, Strength.NEAR, about=f"{day:%Y%m%d}")
