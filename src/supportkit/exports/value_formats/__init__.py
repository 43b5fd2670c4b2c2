"""How dates, times and numbers are written, and what a cell of them says."""
