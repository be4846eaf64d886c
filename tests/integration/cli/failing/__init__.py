"""A capability of a later version whose second migration fails."""
