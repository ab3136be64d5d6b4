"""The shells: pages, API, command line. They know every room and hold no rule."""
