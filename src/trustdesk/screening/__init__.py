"""A list in, a verdict per row out, decided set-wise by the same rules as one contact. See README.md."""
