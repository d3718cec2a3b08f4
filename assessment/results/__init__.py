"""Reports from rows: rescoring, export tables, activity, the example."""
