"""How dates are written where Django follows a manner that misleads readers here."""
