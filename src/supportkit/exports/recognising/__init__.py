"""Recognising: which table a file holds, which vendor wrote it, and where each of our columns stands."""
