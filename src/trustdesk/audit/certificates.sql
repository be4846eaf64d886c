-- An entry of a kind that is not sealed: the SHA-256 of a document that was issued. Whoever has the document and this line
-- can see that the log speaks of it; nobody else learns anything.
DROP POLICY form ON audit_entry;
CREATE POLICY form ON audit_entry AS RESTRICTIVE FOR INSERT WITH CHECK (
  CASE kind
    WHEN 'checkpoint' THEN key_period = '' AND controller_id = 0
    WHEN 'certificate' THEN key_period = '' AND controller_id > 0 AND length(body) = 32
    ELSE kind IN ('opening', 'deed') AND key_period ~ '^\d{4}-\d{2}$'
  END
  AND (list_digest IS NULL OR length(list_digest) = 32)
);
