"""English for Europe: the month as a word, because 3/4 is read in two ways."""

SHORT_DATE_FORMAT = "j M Y"
SHORT_DATETIME_FORMAT = "j M Y H:i"
DATE_FORMAT = "j F Y"
TIME_FORMAT = "H:i"
THOUSAND_SEPARATOR = "\N{NARROW NO-BREAK SPACE}"
