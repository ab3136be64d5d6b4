"""Keeping the rollups: counting customers' lines anew, or adding what was just written."""
