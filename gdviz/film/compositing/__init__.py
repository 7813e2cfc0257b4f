"""Artists -> pixels, by drawing again only what moves."""
