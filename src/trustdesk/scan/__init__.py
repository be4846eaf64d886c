"""Where somebody still stands: the spellings of a person, one automaton for all, readers of every kind of file."""
