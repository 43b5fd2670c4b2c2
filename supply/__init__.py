"""What the project stands on: the licences of what is installed, known holes in it, and versions with their hashes."""
