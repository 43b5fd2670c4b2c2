"""How a report reaches people: as a mail, as a message to a service, by a schedule."""
