"""Settings: `base` for an installation, `test` for the tests."""
