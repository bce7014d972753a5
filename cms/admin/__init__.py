"""The Wagtail admin: who sees what, the screens of trainings, needs and the referential, and the home page.

One rule: whatever belongs to an organisation goes through `cms.admin.policies`, screens and reports alike.
"""
