"""The activity record: what happened in a period, each line with its event in the audit."""
