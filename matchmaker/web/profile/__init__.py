"""The anonymous one-page profile of a record, in English."""
