"""The outbox: mail, SMS and webhooks leave through it, permitted at the moment they leave, and never twice."""
