"""Pure rules: facts in, verdict with reasons out. No framework, no clock, no storage."""
