"""What ends a stream, as migration operations: the tables themselves tell, whoever changes them and by whatever way."""

from django.db.migrations import RunSQL

from trustdesk.live.words import CHANNEL

FUNCTION = f"""
-- 'end.<what>.<column>.<column>…' of the row as it was.
CREATE FUNCTION trustdesk_live_end() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
  was jsonb := to_jsonb(OLD);
  said text := 'end.' || TG_ARGV[0];
BEGIN
  FOR place IN 1 .. TG_NARGS - 1 LOOP
    said := said || '.' || (was ->> TG_ARGV[place]);
  END LOOP;
  PERFORM pg_notify('{CHANNEL}', said);
  RETURN NULL;
END $$;
"""


def ends_streams(table: str, what: str, *columns: str, on: str) -> RunSQL:
    """The operation after which a row's change (`on`: "DELETE", "UPDATE OF ends_at") ends the streams it allowed.

    `what` and the columns make the words that `words.ends_of` listens for. A browser whose stream ended comes back
    through the door and is asked again who it is: an end told once too often costs one request.
    """
    arguments = ", ".join(f"'{argument}'" for argument in (what, *columns))
    return RunSQL(
        f"CREATE TRIGGER ends_streams AFTER {on} ON {table}"
        f" FOR EACH ROW EXECUTE FUNCTION trustdesk_live_end({arguments})",
        f"DROP TRIGGER ends_streams ON {table}",
    )
