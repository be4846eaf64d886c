"""The link to the switchboard: sockets, lines, the oath, and the conversation that follows it."""
