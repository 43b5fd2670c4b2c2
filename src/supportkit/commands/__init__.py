"""What the commands do, a module a family; each is imported when one of its commands is asked for."""
