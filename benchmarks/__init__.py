"""Benchmarks: each measures ours and a peer in the same run and prints the ratio."""
