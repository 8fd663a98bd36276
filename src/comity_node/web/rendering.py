"""How every form is drawn: label, hint, the reason why it is asked, errors linked to their fields."""

from __future__ import annotations

from django.forms.renderers import TemplatesSetting


class PageForms(TemplatesSetting):
    """Renderer for ``FORM_RENDERER``; a field may carry ``why``, a sentence opened on demand.

    Needs ``django.forms`` among the installed apps, after this one: errors are drawn by our template
    in its place.
    """

    form_template_name = "web/forms/form.html"
    field_template_name = "web/forms/field.html"
