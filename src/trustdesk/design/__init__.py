"""What the surfaces share: the design system and the entrance that asks who, for whom and why. Holds no tables."""
