"""What must hold of every study, tried on random ones."""
