"""Published criteria, item by item: tables that read like the papers, and what runs them."""
