"""Jobs: what a person starts and a request could not finish in time."""
