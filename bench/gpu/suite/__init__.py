"""The parts of the GPU suite: what they share is in context.py, what each does in the file of its name."""
