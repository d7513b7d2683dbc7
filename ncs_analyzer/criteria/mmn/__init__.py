"""Published criteria for multifocal motor neuropathy, one module per publication."""
