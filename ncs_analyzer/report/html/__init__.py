"""The report as one page: no scripts, nothing loaded from elsewhere, made for screen, phone and paper."""
