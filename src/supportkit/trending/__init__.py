"""The parts of `trends`: blocks of time, exposure, what a reader sees of it, where a rise comes from, data problems."""
