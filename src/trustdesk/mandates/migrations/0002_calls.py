from django.db import migrations

from trustdesk.isolation.api import owned

TABLES = """
CREATE TABLE mandates_token_use (
  controller_id integer NOT NULL,
  token_id bigint NOT NULL,
  minute bigint NOT NULL,
  calls integer NOT NULL CHECK (calls > 0),
  PRIMARY KEY (controller_id, token_id),
  FOREIGN KEY (controller_id, token_id) REFERENCES mandates_api_token (controller_id, id) ON DELETE CASCADE
) WITH (fillfactor = 50);  -- one row a token, updated at every call: room for it on its own page

CREATE TABLE mandates_reply (
  controller_id integer NOT NULL,
  token_id bigint NOT NULL,
  key_digest bytea NOT NULL CHECK (length(key_digest) = 32),
  fingerprint bytea NOT NULL CHECK (length(fingerprint) = 32),
  status smallint NOT NULL CHECK (status BETWEEN 200 AND 299),
  answer text NOT NULL CHECK (length(answer) <= 2000),
  location text NOT NULL CHECK (length(location) <= 200),
  kept_at timestamptz NOT NULL,
  PRIMARY KEY (controller_id, token_id, key_digest),
  FOREIGN KEY (controller_id, token_id) REFERENCES mandates_api_token (controller_id, id) ON DELETE CASCADE
);
CREATE INDEX mandates_reply_by_age ON mandates_reply (controller_id, token_id, kept_at);
"""


class Migration(migrations.Migration):
    dependencies = [("mandates", "0001_initial")]

    operations = [
        migrations.RunSQL(TABLES, "DROP TABLE mandates_reply; DROP TABLE mandates_token_use;"),
        *owned("mandates_token_use"),
        *owned("mandates_reply"),
    ]
