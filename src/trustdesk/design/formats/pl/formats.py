"""Polish: points between day, month and year, as people write them, not hyphens."""

SHORT_DATE_FORMAT = "d.m.Y"
SHORT_DATETIME_FORMAT = "d.m.Y H:i"
