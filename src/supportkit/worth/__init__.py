"""The parts of what a customer is worth: the SQL and the words of lifetime value and of service."""
