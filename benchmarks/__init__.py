"""Every speed that is claimed, as a ratio in one run. Nothing here is part of the product."""
