"""What is said between the edge and the switchboard: one JSON object a line, checked on both sides as it is read.

The edge asks for a plan, for the case behind a reference and for the key of a recording; it tells what happened. The
switchboard configures and commands. Times are RFC 3339 UTC, durations seconds unless the name says milliseconds,
numbers E.164, clips absolute paths of raw A-law files (8,000 bytes a second), identifiers of rows integers.
"""
