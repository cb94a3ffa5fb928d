"""What is rendered for services, from values: no disk, no analysed code."""
