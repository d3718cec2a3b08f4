"""The default questionnaire and evidence as YAML, with their reader."""
