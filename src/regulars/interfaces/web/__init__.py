"""The face: the frame around every page, its components, icons and error pages. Knows every room, holds no rule."""
