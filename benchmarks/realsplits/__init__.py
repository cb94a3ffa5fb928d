"""Long modules of a real application, split one after another: what breaks."""
