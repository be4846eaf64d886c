"""Call notices and prompts: what callers hear before a person speaks with them."""
