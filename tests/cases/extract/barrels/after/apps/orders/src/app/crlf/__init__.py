"""Line ends of another system."""
