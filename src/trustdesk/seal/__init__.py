"""The only cryptography of the house, pure."""
