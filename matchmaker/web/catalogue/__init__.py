"""The catalogue: searching, filtering and paging through demands and outcomes."""
