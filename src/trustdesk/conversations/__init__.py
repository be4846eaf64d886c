"""Conversations: threads, interactions, what came of them, complaints, and the reference that finds a case."""
