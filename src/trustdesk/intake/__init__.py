"""Lists that come in: checked, asked at the gates, added once, with their origin."""
