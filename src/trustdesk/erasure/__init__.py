"""Forgetting: plans, steps that destroy in order, and the ledger that keeps whoever was erased from coming back."""
