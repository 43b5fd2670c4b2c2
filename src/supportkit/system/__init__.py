"""The machine below: files, threads, signals and messages."""
