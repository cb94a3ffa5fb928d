FOLDER = "pictures"
PICTURE = FOLDER + "/1.png"
