"""The only parsers of what people send; they return domain values and say what is wrong in the reader's language."""
