from django.db import migrations

from trustdesk.isolation.api import owned

# Keys that Django can't say: each led by the controller, so that none points into another company.
FOREIGN_KEYS = [
    ("register_customer", "source", "source_id", "register_source", "id"),
    ("register_customer", "employer", "employer_id", "register_customer", "id"),
    ("register_customer", "merged_into", "merged_into", "register_customer", "id"),
    ("register_value", "customer", "customer_id", "register_customer", "id"),
    ("register_note", "customer", "customer_id", "register_customer", "id"),
    ("register_event", "customer", "customer_id", "register_customer", "id"),
    ("register_disclosure", "value", "customer_id, value_id", "register_value", "customer_id, id"),
    ("register_merge", "into", "into_id", "register_customer", "id"),
    ("register_merge", "customer", "customer_id", "register_customer", "id"),
]

# A value's attribute and source never change and are never deleted, so it is enough to look once a statement: as foreign
# keys, looked up for every row, they would be a quarter of an import.
ORIGIN = """
CREATE FUNCTION register_value_origin() RETURNS trigger LANGUAGE plpgsql SET search_path = public AS $$
BEGIN
  IF EXISTS (
    SELECT 1 FROM (SELECT DISTINCT controller_id, attribute_id, source_id FROM fresh) AS origin
    LEFT JOIN register_attribute a ON a.controller_id = origin.controller_id AND a.id = origin.attribute_id
    LEFT JOIN register_source s ON s.controller_id = origin.controller_id AND s.id = origin.source_id
    WHERE a.id IS NULL OR s.id IS NULL
  ) THEN
    RAISE foreign_key_violation USING MESSAGE = 'a value needs a declared attribute and a source of its own company';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER origin AFTER INSERT ON register_value REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION register_value_origin();
"""
NO_ORIGIN = "DROP TRIGGER origin ON register_value; DROP FUNCTION register_value_origin();"

# What was recorded is not rewritten: the runtime role may change these columns and no others.
CHANGEABLE = {
    "register_customer": (
        "headline, language, employer_id, customer_since, last_sale_date, product_groups, notice_kind, notice_version,"
        " notice_given_at, art14_due_at, restricted_at, restriction_ground, merged_into, updated_at"
    ),
    "register_value": (
        "confirmed_at, confirmed_by, confirmed_by_operator, rectified, restricted_at, restriction_ground,"
        " superseded_at, superseded_by"
    ),
    "register_token": "",
    "register_note": "",
    "register_event": "",
    "register_disclosure": "",
    "register_merge": "undone_at, undone_by",
}


def foreign_key(table, name, columns, target, target_columns):
    return migrations.RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {table}_{name}_fk FOREIGN KEY (controller_id, {columns})"
        f" REFERENCES {target} (controller_id, {target_columns})",
        f"ALTER TABLE {table} DROP CONSTRAINT {table}_{name}_fk",
    )


def changeable(table, columns):
    allow = f"GRANT UPDATE ({columns}) ON {table} TO trustdesk_app" if columns else ""
    return migrations.RunSQL(
        f"REVOKE UPDATE ON {table} FROM trustdesk_app; {allow}", f"GRANT UPDATE ON {table} TO trustdesk_app"
    )


class Migration(migrations.Migration):
    dependencies = [("register", "0001_initial"), ("isolation", "0001_scope")]
    operations = [
        *owned("register_source", append_only=True),
        *owned("register_attribute", append_only=True),
        *(operation for table in CHANGEABLE for operation in owned(table)),
        *(changeable(table, columns) for table, columns in CHANGEABLE.items()),
        *(foreign_key(*key) for key in FOREIGN_KEYS),
        migrations.RunSQL(ORIGIN, NO_ORIGIN),
        # The planner must know the common tokens: "most common values" decide which of two words leads.
        migrations.RunSQL(
            "ALTER TABLE register_token ALTER COLUMN token SET STATISTICS 1000",
            "ALTER TABLE register_token ALTER COLUMN token SET STATISTICS -1",
        ),
    ]
