"""What a reader concludes from the nerves of a study: pattern, distribution, entrapment."""
