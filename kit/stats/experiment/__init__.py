"""Experiments: sums of two arms in, one ``Comparison`` out; one method per file, none of which sees a row."""
