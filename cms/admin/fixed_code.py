"""The form of what is known by its code.

One rule: a code is given at creation and never changes.
"""

from wagtail.admin.forms.models import WagtailAdminModelForm


class FixedCodeForm(WagtailAdminModelForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk is not None:
            self.fields["code"].disabled = True
            self.fields["code"].help_text = "Le code identifie l'objet partout : il ne change plus."
