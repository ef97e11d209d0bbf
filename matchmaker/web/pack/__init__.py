"""An agency's pack for filing and evaluation: what its brokers did, and conditions."""
