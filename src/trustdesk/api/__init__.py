"""The interface for other systems: /api/v1, described by its own OpenAPI 3.1 document."""
