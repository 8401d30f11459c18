"""Statistics used by several analyses: one method per file, arrays in, plain numbers out."""
