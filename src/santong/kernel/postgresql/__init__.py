"""How Django talks to PostgreSQL here."""
