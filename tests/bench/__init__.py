"""`make bench`: speed and memory of the whole, beside a stock `rasa init` bot measured in the same run."""
