"""Published criteria for chronic inflammatory demyelinating polyradiculoneuropathy, one module per publication."""
