"""How long what is kept, and that it goes when its time is over."""
