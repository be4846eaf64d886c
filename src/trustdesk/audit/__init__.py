"""The append-only log: who opened and did what, under which mandate; provable offline."""
