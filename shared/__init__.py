"""What two services share; it knows no service."""

__version__ = "0.1.0"
