"""The only cryptography of the house: pure functions over bytes, no clock, no storage, no framework."""
