"""Controllers, processors, mandates, seats and tokens: who may open what, for whom, until when."""
