"""`make doctor`: checks every dependency of this node in the way the services use it; prints one line for each."""
