"""The switchboard: plans for the edge, calls to agents, and what became of them; see README.md."""
