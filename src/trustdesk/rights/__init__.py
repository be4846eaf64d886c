"""Requests of data subjects: received, known from whom, decided, fulfilled in time."""
