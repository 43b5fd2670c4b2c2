"""Merging: typed rows become rows of the store: new, updated, unchanged, older."""
