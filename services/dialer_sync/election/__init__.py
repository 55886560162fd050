"""Which worker is master: the lock on ZooKeeper, the lease, and the epoch that fences the database."""
