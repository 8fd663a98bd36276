"""How every form is drawn: label, hint, the reason why it is asked, errors linked to their fields."""

from __future__ import annotations

from django.forms.renderers import TemplatesSetting
from django.forms.utils import ErrorList


class PageErrors(ErrorList):
    """Errors of a field, under the id its field names."""

    template_name = "web/forms/errors.html"


class PageForms(TemplatesSetting):
    """Renderer for ``FORM_RENDERER``; a field may carry ``why``, a sentence opened on demand."""

    form_template_name = "web/forms/form.html"
    field_template_name = "web/forms/field.html"
