"""Keys: wrapping, rotation, destruction; sealed fields; blind tokens."""
