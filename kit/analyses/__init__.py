"""The questions of the reports, one file each: ``analyse`` (tables in, frozen numbers out) and ``show``."""
