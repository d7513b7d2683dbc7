"""Published criteria for Guillain-Barré syndrome, one module per publication."""
