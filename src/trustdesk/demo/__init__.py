"""The demo: two invented companies, the provider that answers for both, and invented people. Never in production."""
