SAME = True
