"""The agent's place: find a customer, see what is known and how fresh it is, mend it, note it."""
