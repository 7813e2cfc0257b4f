"""Numbers: datasets, losses, optimizers, descents and their histories. Never imports matplotlib."""
