"""Customers, what is known of them, where it came from and how fresh it is."""
