# what everybody needs
