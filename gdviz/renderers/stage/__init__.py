"""What all kinds of picture stand on: a scene, its layout and its captions."""
