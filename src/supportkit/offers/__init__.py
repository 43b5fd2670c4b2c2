"""What a metric may offer beside its Result: leaves for why, findings for reports, cases behind a figure."""
