"""The officer's and the administrator's place: what is held, who looked, whether it can be proven."""
