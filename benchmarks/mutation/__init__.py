"""Mutants of a metric: small faults put into its source, which its tests have to notice."""
