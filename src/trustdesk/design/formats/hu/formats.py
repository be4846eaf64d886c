"""Hungarian: a blank after each point, as the orthography wants it; unbroken, so that a date stays on its line."""

SHORT_DATE_FORMAT = "Y.\N{NO-BREAK SPACE}m.\N{NO-BREAK SPACE}d."
SHORT_DATETIME_FORMAT = f"{SHORT_DATE_FORMAT} H:i"
