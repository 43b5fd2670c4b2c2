"""What supportkit.toml may say: its sections, and how their values are read."""
