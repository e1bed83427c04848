"""Ways in. No rule of the business lives here."""
