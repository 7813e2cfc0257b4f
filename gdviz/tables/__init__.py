"""Tables: a file -> Dataset. The only place that knows DuckDB, encodings and delimiters."""
