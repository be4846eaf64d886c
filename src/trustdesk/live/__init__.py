"""What changed, told to the pages that show it; see README.md."""
