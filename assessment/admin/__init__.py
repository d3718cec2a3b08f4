"""The Django admin of the product, one module per room of the models; its door is assessment/accounts/second_factor.py."""

from assessment.admin import account, changes, content, edition, evidence, organisation, question, response

__all__ = ["account", "changes", "content", "edition", "evidence", "organisation", "question", "response"]
