"""May we contact this person, on this channel, for this purpose, now? May we tell this third party?"""
