"""Lists that are contacted: screening in, attempts out, each decided anew at the moment of contact."""
