"""In which spellings people write a name, a number, an address: one file a matter, one file a language."""
