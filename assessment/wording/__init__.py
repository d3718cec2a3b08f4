"""The words of a report: page, PDF and exports share them. A part of the report in, text in the reader's language out."""
