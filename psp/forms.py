"""How every form of the product is drawn."""

from django.forms.renderers import TemplatesSetting


class PspRenderer(TemplatesSetting):
    """Django's form rendering with the project's templates: error summary, hints and errors tied to their fields."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"
