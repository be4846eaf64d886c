from django.db import migrations

# The contact points of a value go with it by their foreign key. From PostgreSQL 18 on what such a deletion sets off runs
# as the tables' owner, who under row-level security sees nobody being screened; so they are noted before the value goes,
# by whoever deletes it.
GOING = """
CREATE FUNCTION screening_note_going() RETURNS trigger LANGUAGE plpgsql SET search_path = public AS $$
BEGIN
  IF EXISTS (SELECT FROM screening_watch) THEN
    INSERT INTO screening_change (controller_id, token)
    SELECT DISTINCT p.controller_id, p.token FROM clearance_point p
    WHERE p.controller_id = OLD.controller_id AND p.customer_id = OLD.customer_id AND p.value_id = OLD.id;
  END IF;
  RETURN OLD;
END $$;
CREATE TRIGGER screening_going BEFORE DELETE ON register_value FOR EACH ROW EXECUTE FUNCTION screening_note_going();
"""
STAYING = """
DROP TRIGGER screening_going ON register_value;
DROP FUNCTION screening_note_going();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("screening", "0003_looked_up"),
        ("register", "0006_product_groups"),
        ("clearance", "0005_names_of_purposes"),
    ]
    operations = [migrations.RunSQL(GOING, STAYING)]
