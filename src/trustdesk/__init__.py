"""trustdesk: customer service you can prove."""

__version__ = "0.1.0"
