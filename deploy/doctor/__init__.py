"""`make doctor`: every dependency of this node, asked as the services ask it, told in one line each."""
