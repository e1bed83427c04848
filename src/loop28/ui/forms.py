"""How ``{{ form }}`` looks everywhere."""

from django.forms.renderers import DjangoTemplates


class Renderer(DjangoTemplates):
    """``FORM_RENDERER = "loop28.ui.forms.Renderer"``.

    A subclass of DjangoTemplates and not of TemplatesSetting, so that Django's own widget
    templates are found without ``django.forms`` in INSTALLED_APPS.
    """

    form_template_name = "ui/parts/form.html"
    field_template_name = "ui/parts/form_field.html"
