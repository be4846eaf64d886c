"""Operators: who they are, how they sign in, what they may do, and how a lost factor comes back."""
