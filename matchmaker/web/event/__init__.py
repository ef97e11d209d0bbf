"""Events: invitations, table plans and what came of them."""
