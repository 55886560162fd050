"""The UCCE simulator behaves as ucce/REFERENCE.md says: a real process, over HTTPS."""
