"""That settings changed, told to the switchboard: a serial number, and a word on a channel when the change commits."""

from django.db import connection

from trustdesk.telephony.contracts import CHANNEL

_COUNT = """
INSERT INTO telephony_serial (id, serial) VALUES (1, 1)
ON CONFLICT (id) DO UPDATE SET serial = telephony_serial.serial + 1 RETURNING serial
"""


def tell() -> int:
    """Count the change and tell it; inside the transaction that makes it. Writers wait for each other here."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT)
        serial = int(cursor.fetchone()[0])
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, str(serial)])
    return serial


def serial() -> int:
    """The number of the last change; 0 where there was none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT serial FROM telephony_serial WHERE id = 1")
        row = cursor.fetchone()
    return int(row[0]) if row else 0
