"""Reading: a file's bytes become records of cells, and none is lost."""
