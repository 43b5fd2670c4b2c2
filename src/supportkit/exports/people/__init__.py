"""People: whose a row is, and how somebody is erased and stays so."""
