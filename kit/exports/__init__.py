"""Platform exports: one YAML dictionary per platform, and the reader that turns a client's folder into tables."""
