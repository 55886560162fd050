"""Login by the company's directory: who a person is and which role their groups give, and asking again meanwhile."""
