"""Reports for the clients of an e-commerce operating agency, from the platforms' own export files."""

__version__ = "0.1.0"
