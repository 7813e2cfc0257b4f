"""Time: a camera, a film and its encoders, for any matplotlib figure. Knows nothing of regression."""
