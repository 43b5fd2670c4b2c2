"""Pure mathematics: numbers in, numbers out; it knows no table and no database."""
