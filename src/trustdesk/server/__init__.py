"""The house's own PostgreSQL and its home folder: where state lives, who may read it, how it starts and stops."""
