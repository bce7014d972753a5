"""What the training catalogue tells the apps above it.

One rule: a signal is sent inside the transaction that makes the change, so that a listener's own row
stands or falls with it.
"""

from django.dispatch import Signal

# Sent with `training_id` when a training, its actions, sessions or skills were created, changed, published
# or unpublished by an importer, once everything below the training is written.
training_changed = Signal()

# Sent with `certification_ids` when an import changed certifications, or what replaces them: bulk writes send no
# `post_save`.
certifications_changed = Signal()
