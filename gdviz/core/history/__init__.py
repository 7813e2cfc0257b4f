"""What a descent did: its record, how it is saved, loaded, replayed and told."""
