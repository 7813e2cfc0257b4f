"""How pictures look: theme, fonts, numbers and 3-D axes."""
