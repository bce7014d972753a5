"""The screens of skills: list, form, uses, retirement and merging, comments of outside experts.

One rule: what a skill may be is decided by the rules of its files (`skills.concept_files.rules`); these screens only ask them.
"""
