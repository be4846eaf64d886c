from django.db import migrations

# Whoever is erased is looked for in the rows and verdicts of all lists: a few among millions. Built beside the running
# program; what a build that was broken off left behind is in the way of the next one.
#
# Without the controller: a customer's number is in one company only, and each million verdicts lands in this index in
# the order of chance, which costs the less the smaller it is.
FOUND = {
    "screening_result_customer": "screening_result (customer_id) WHERE customer_id <> 0",
    "screening_row_theirs": "screening_row (customer_id, list_id) WHERE customer_id IS NOT NULL",
    "screening_change_customer": "screening_change (customer_id) WHERE customer_id IS NOT NULL",
}
# The cells that name a customer are a part of `screening_row_theirs`.
BEFORE = "screening_row (controller_id, list_id, customer_id) WHERE kind = 'customer'"


def built(name, what):
    return migrations.RunSQL(
        [f"DROP INDEX CONCURRENTLY IF EXISTS {name}", f"CREATE INDEX CONCURRENTLY {name} ON {what}"],
        f"DROP INDEX CONCURRENTLY IF EXISTS {name}",
    )


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("screening", "0004_who_goes_with_a_value")]
    operations = [
        *(built(*index) for index in FOUND.items()),
        migrations.RunSQL(
            "DROP INDEX CONCURRENTLY IF EXISTS screening_row_customer",
            f"CREATE INDEX CONCURRENTLY screening_row_customer ON {BEFORE}",
        ),
    ]
