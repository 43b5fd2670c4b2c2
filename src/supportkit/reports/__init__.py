"""Reports: what an audience reads, its sentences, and how it is delivered."""
