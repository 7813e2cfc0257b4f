"""The record of a descent: saved, loaded, replayed, changed in units, reported and advised on."""
