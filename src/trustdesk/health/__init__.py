"""The daily examination of the installation: what is sound, what will not be soon, what is broken."""
