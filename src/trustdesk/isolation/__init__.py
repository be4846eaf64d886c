"""Isolation between controllers, enforced by the database: signed scope, policies, database roles."""
