"""Readers of file kinds: each turns a stream into bounded pieces of text, and says what it could not read."""
