"""Template tags of the frame, in every template without loading."""

from django import template

register = template.Library()
