"""The pages of ``scholarwatch serve``: what is recorded, to look at. They call flows, storage and alerts."""
