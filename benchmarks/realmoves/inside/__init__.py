"""What the application's own interpreter runs: nothing here may import anything but the standard library."""
