"""What works on metrics as such: why a share changed, what else happened there, whom it touched."""
