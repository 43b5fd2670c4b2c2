"""Many small files of the same columns, read as one."""
