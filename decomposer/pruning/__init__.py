"""Dead code: what nothing reaches, with degrees of belief, and how it is taken out."""
