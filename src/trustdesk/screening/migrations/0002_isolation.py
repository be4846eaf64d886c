from django.db import migrations

from trustdesk.isolation.api import owned

APPEND_ONLY = ("screening_filter",)
CHANGEABLE = ("screening_list", "screening_run")
# A verdict is replaced where somebody changed meanwhile; rows, watches and notes come and go as a whole.
COME_AND_GO = ("screening_row", "screening_result", "screening_watch", "screening_change")

# Each led by the controller, so that none points into another company. Rows and results have none: see models.
FOREIGN_KEYS = [
    ("screening_list", "filter", "filter_id", "screening_filter"),
    ("screening_run", "list", "list_id", "screening_list"),
    ("screening_watch", "run", "run_id", "screening_run"),
]

# What touches a person is noted while somebody is being screened, and only then: by the database, so that no path is
# left out. A statement notes each person once; what is noted is seen when its transaction commits, and not before.
WATCHING = """
ALTER TABLE screening_change ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY;

CREATE FUNCTION screening_note_added() RETURNS trigger LANGUAGE plpgsql SET search_path = public AS $$
BEGIN
  IF EXISTS (SELECT FROM screening_watch) THEN
    EXECUTE format('INSERT INTO screening_change (controller_id, %2$I) SELECT DISTINCT controller_id, %1$I FROM fresh',
      TG_ARGV[0], TG_ARGV[1]);
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION screening_note_gone() RETURNS trigger LANGUAGE plpgsql SET search_path = public AS $$
BEGIN
  IF EXISTS (SELECT FROM screening_watch) THEN
    EXECUTE format('INSERT INTO screening_change (controller_id, %2$I) SELECT DISTINCT controller_id, %1$I FROM gone',
      TG_ARGV[0], TG_ARGV[1]);
  END IF;
  RETURN NULL;
END $$;

-- Who is merged into somebody else touches both.
CREATE FUNCTION screening_note_customer() RETURNS trigger LANGUAGE plpgsql SET search_path = public AS $$
BEGIN
  IF EXISTS (SELECT FROM screening_watch) THEN
    INSERT INTO screening_change (controller_id, customer_id)
    SELECT controller_id, id FROM fresh UNION SELECT controller_id, merged_into FROM fresh WHERE merged_into IS NOT NULL
    UNION SELECT controller_id, merged_into FROM gone WHERE merged_into IS NOT NULL;
  END IF;
  RETURN NULL;
END $$;
-- A value that is restricted, or another number for the same person.
CREATE FUNCTION screening_note_value() RETURNS trigger LANGUAGE plpgsql SET search_path = public AS $$
BEGIN
  IF EXISTS (SELECT FROM screening_watch) THEN
    INSERT INTO screening_change (controller_id, customer_id) SELECT DISTINCT controller_id, customer_id FROM fresh;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER screening_changed AFTER UPDATE ON register_value REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION screening_note_value();
-- Restricted values are few: without this every value would be looked at to find them.
CREATE INDEX register_value_restricted ON register_value (controller_id, customer_id, id) WHERE restricted_at IS NOT NULL;
CREATE TRIGGER screening_changed AFTER UPDATE ON register_customer REFERENCING NEW TABLE AS fresh OLD TABLE AS gone
  FOR EACH STATEMENT EXECUTE FUNCTION screening_note_customer();
"""
NOT_WATCHING = """
DROP INDEX register_value_restricted;
DROP TRIGGER screening_changed ON register_customer; DROP TRIGGER screening_changed ON register_value;
DROP FUNCTION screening_note_customer(); DROP FUNCTION screening_note_value(); DROP FUNCTION screening_note_gone(); DROP FUNCTION screening_note_added();
"""

# (table, its column, the note's column, whether adding counts): a new customer is found by the new contact points.
WATCHED = [
    ("clearance_consent_event", "customer_id", "customer_id", True),
    ("clearance_objection", "customer_id", "customer_id", True),
    ("clearance_collection", "customer_id", "customer_id", True),
    ("clearance_suppression", "token", "token", True),
    ("clearance_point", "token", "token", True),
    ("register_customer", "id", "customer_id", False),
]


def watched(table, column, into, *, added):
    add = (
        f"CREATE TRIGGER screening_added AFTER INSERT ON {table} REFERENCING NEW TABLE AS fresh"
        f" FOR EACH STATEMENT EXECUTE FUNCTION screening_note_added('{column}', '{into}');"
    )
    remove = (
        f"CREATE TRIGGER screening_gone AFTER DELETE ON {table} REFERENCING OLD TABLE AS gone"
        f" FOR EACH STATEMENT EXECUTE FUNCTION screening_note_gone('{column}', '{into}');"
    )
    back = f"DROP TRIGGER screening_gone ON {table};" + (f" DROP TRIGGER screening_added ON {table};" if added else "")
    return migrations.RunSQL((add if added else "") + remove, back)


def foreign_key(table, name, column, target):
    return migrations.RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {table}_{name}_fk FOREIGN KEY (controller_id, {column})"
        f" REFERENCES {target} (controller_id, id)",
        f"ALTER TABLE {table} DROP CONSTRAINT {table}_{name}_fk",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("screening", "0001_initial"),
        ("clearance", "0003_facts"),
        ("register", "0004_tokens_know_their_edition"),
        ("isolation", "0001_scope"),
    ]
    operations = [
        *(operation for table in APPEND_ONLY for operation in owned(table, append_only=True)),
        *(operation for table in (*CHANGEABLE, *COME_AND_GO) for operation in owned(table)),
        # What was asked, and its signed summary, stay.
        migrations.RunSQL(
            "REVOKE DELETE, TRUNCATE ON screening_list, screening_run FROM trustdesk_app",
            "GRANT DELETE ON screening_list, screening_run TO trustdesk_app",
        ),
        *(foreign_key(*key) for key in FOREIGN_KEYS),
        migrations.RunSQL(WATCHING, NOT_WATCHING),
        *(watched(table, column, into, added=added) for table, column, into, added in WATCHED),
    ]
