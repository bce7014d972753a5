"""What the referential tells the apps above it.

One rule: a signal is sent inside the transaction that makes the change, so that a listener's own row stands
or falls with it.
"""

from django.dispatch import Signal

# Sent with `skill_id` when a skill's labels, links or mappings changed; the skill's own row may be untouched.
skill_changed = Signal()
