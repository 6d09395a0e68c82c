"""The parts of the GPU suite. run.py's process plans, and asks a worker; the worker alone imports PyTorch and touches the device."""
