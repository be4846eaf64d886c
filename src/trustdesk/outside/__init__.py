"""A company's other systems, so that an erasure, a correction and a copy reach them too."""
