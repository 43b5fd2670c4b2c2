"""`supportkit mcp`: the metrics as tools of a Model Context Protocol server, read-only, over stdin and stdout."""
