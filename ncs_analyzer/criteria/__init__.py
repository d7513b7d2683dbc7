"""Published criteria: three-valued truth, counting forms, and one module per publication."""
