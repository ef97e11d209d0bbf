"""Records that are nearly the same: the list, the comparison, the decision."""
