"""Web archives that speak CDX (what there is) and Memento (give me the one of that time): see `origin`."""
