"""The descent as a scikit-learn estimator, and its display."""
