"""The desk of the clerks (bàn cán bộ): who may come in, what they look up, and what is written down about it."""
