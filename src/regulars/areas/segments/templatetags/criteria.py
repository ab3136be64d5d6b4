"""Names as criteria ask for them: `segment {{ name|quoted }}`."""

from django import template

from regulars.areas.segments.language import text

register = template.Library()
register.filter("quoted", text.quoted)
