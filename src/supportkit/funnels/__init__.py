"""The parts of the funnel: its steps, its SQL, its rows and its words."""
