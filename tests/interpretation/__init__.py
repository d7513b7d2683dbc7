"""What the program concludes beside the published sets."""
