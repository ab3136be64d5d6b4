"""How deeds read on any page: `{% load deeds %}`."""
