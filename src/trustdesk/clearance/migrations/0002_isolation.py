from django.db import migrations

from trustdesk.isolation.api import owned

APPEND_ONLY = ("clearance_assessment", "clearance_notice", "clearance_policy")
# The columns that the runtime role may change, and whether it may delete rows.
GUARDED = {
    "clearance_setup": ("version, token_floor", False),
    "clearance_purpose": ("retired_at", False),
    "clearance_recipient": ("ends_at", False),
    "clearance_outside_list": (
        "name, current_load, refreshed_at, loaded_at, loaded_by, entries, unreadable",
        False,
    ),
    "clearance_outside_entry": ("", True),
    "clearance_consent_event": ("", True),  # see PROOF
    "clearance_consent_use": ("", True),
    "clearance_objection": ("", True),
    "clearance_suppression": ("", True),  # see SUPPRESSED
    "clearance_collection": ("", True),
    "clearance_point": ("", True),
    "clearance_decision": ("", True),
}
# Each led by the controller, so that none points into another company. Consents, uses, objections and decisions point
# at no customer: they outlive the customer's row.
FOREIGN_KEYS = [
    ("clearance_assessment", "purpose", "purpose_id", "clearance_purpose", "id", ""),
    ("clearance_consent_event", "purpose", "purpose_id", "clearance_purpose", "id", ""),
    ("clearance_consent_use", "event", "customer_id, event_id", "clearance_consent_event", "customer_id, id", ""),
    ("clearance_objection", "purpose", "purpose_id", "clearance_purpose", "id", ""),
    ("clearance_suppression", "purpose", "purpose_id", "clearance_purpose", "id", ""),
    ("clearance_decision", "purpose", "purpose_id", "clearance_purpose", "id", ""),
    ("clearance_collection", "customer", "customer_id", "register_customer", "id", "ON DELETE CASCADE"),
    ("clearance_point", "value", "customer_id, value_id", "register_value", "customer_id, id", "ON DELETE CASCADE"),
]

# History goes when the key it is sealed under is destroyed, and not before: who may destroy it leaves a deed.
PROOF = """
CREATE FUNCTION clearance_keeps_proof() RETURNS trigger LANGUAGE plpgsql SET search_path = public AS $$
BEGIN
  IF EXISTS (SELECT FROM vault_data_key k WHERE k.controller_id = OLD.controller_id AND k.customer_id = OLD.customer_id
      AND k.retention_class = 'proof' AND k.destroyed_at IS NULL) THEN
    RAISE restrict_violation USING MESSAGE = 'consents and objections are a history: nothing of it is deleted while its proof is kept';
  END IF;
  RETURN OLD;
END $$;
CREATE TRIGGER proof BEFORE DELETE ON clearance_consent_event FOR EACH ROW EXECUTE FUNCTION clearance_keeps_proof();
CREATE TRIGGER proof BEFORE DELETE ON clearance_consent_use FOR EACH ROW EXECUTE FUNCTION clearance_keeps_proof();
CREATE TRIGGER proof BEFORE DELETE ON clearance_objection FOR EACH ROW EXECUTE FUNCTION clearance_keeps_proof();
"""
NO_PROOF = """
DROP TRIGGER proof ON clearance_consent_event; DROP TRIGGER proof ON clearance_consent_use;
DROP TRIGGER proof ON clearance_objection; DROP FUNCTION clearance_keeps_proof();
"""

# A suppression outlives whom it is about. Its row goes only where the same act stands under a newer key.
SUPPRESSED = """
CREATE FUNCTION clearance_keeps_suppressed() RETURNS trigger LANGUAGE plpgsql SET search_path = public AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM clearance_suppression s WHERE s.controller_id = OLD.controller_id AND s.id = OLD.id
      AND s.kind = OLD.kind AND s.version = OLD.version AND s.level > OLD.level) THEN
    RAISE restrict_violation USING MESSAGE = 'a suppression is not deleted: an act of the person lifts it';
  END IF;
  RETURN OLD;
END $$;
CREATE TRIGGER kept BEFORE DELETE ON clearance_suppression
  FOR EACH ROW EXECUTE FUNCTION clearance_keeps_suppressed();
"""
NOT_SUPPRESSED = "DROP TRIGGER kept ON clearance_suppression; DROP FUNCTION clearance_keeps_suppressed();"


def guarded(table, columns, *, may_delete):
    allow = f"GRANT UPDATE ({columns}) ON {table} TO trustdesk_app;" if columns else ""
    keep = "" if may_delete else f"REVOKE DELETE ON {table} FROM trustdesk_app;"
    return migrations.RunSQL(
        f"REVOKE UPDATE, TRUNCATE ON {table} FROM trustdesk_app; {allow} {keep}",
        f"GRANT UPDATE, DELETE ON {table} TO trustdesk_app",
    )


def foreign_key(table, name, columns, target, target_columns, more):
    return migrations.RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {table}_{name}_fk FOREIGN KEY (controller_id, {columns})"
        f" REFERENCES {target} (controller_id, {target_columns}) {more}",
        f"ALTER TABLE {table} DROP CONSTRAINT {table}_{name}_fk",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("clearance", "0001_initial"),
        ("register", "0004_tokens_know_their_edition"),
        ("vault", "0001_initial"),
        ("isolation", "0001_scope"),
    ]
    operations = [
        *(operation for table in APPEND_ONLY for operation in owned(table, append_only=True)),
        *(operation for table in GUARDED for operation in owned(table)),
        *(guarded(table, columns, may_delete=may) for table, (columns, may) in GUARDED.items()),
        *(foreign_key(*key) for key in FOREIGN_KEYS),
        migrations.RunSQL(PROOF, NO_PROOF),
        migrations.RunSQL(SUPPRESSED, NOT_SUPPRESSED),
    ]
