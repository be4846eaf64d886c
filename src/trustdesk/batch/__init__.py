"""Files that come in and go out as rows: Django-free, one pass, constant memory."""
