"""Numbers, queues, menus, hours, skills, phones, trunks, and where may be called."""
