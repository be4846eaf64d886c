from django.db import migrations

from trustdesk.isolation.api import owned

# What came in by a feed goes with it, and what is known of a delivery with that.
KEYS = """
ALTER TABLE feeds_delivery ADD CONSTRAINT feeds_delivery_feed_fk
  FOREIGN KEY (controller_id, feed_id) REFERENCES feeds_feed (controller_id, id) ON DELETE CASCADE;
ALTER TABLE feeds_chunk ADD CONSTRAINT feeds_chunk_delivery_fk
  FOREIGN KEY (controller_id, delivery_id) REFERENCES feeds_delivery (controller_id, id) ON DELETE CASCADE;
ALTER TABLE feeds_parked ADD CONSTRAINT feeds_parked_delivery_fk
  FOREIGN KEY (controller_id, delivery_id) REFERENCES feeds_delivery (controller_id, id) ON DELETE CASCADE;
"""
NO_KEYS = """
ALTER TABLE feeds_parked DROP CONSTRAINT feeds_parked_delivery_fk;
ALTER TABLE feeds_chunk DROP CONSTRAINT feeds_chunk_delivery_fk;
ALTER TABLE feeds_delivery DROP CONSTRAINT feeds_delivery_feed_fk;
"""


class Migration(migrations.Migration):
    dependencies = [("feeds", "0001_initial"), ("isolation", "0001_scope")]
    operations = [
        *owned("feeds_feed"),
        *owned("feeds_delivery"),
        *owned("feeds_chunk"),
        *owned("feeds_parked"),
        migrations.RunSQL(KEYS, NO_KEYS),
    ]
