"""The five reports."""
