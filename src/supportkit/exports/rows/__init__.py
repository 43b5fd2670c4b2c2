"""Rows: the cells of a file as typed, meant and masked rows of its table, and those that are refused."""
