"""`python -m trustdesk.cli`: the command where its script is not on the path."""

from trustdesk.cli.main import main

main()
