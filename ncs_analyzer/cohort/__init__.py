"""Tables over many studies: counts, agreement, accuracy, change, exports. No clinical result is computed here."""
