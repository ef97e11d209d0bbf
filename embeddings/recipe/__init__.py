"""The recipe of the shipped encoder: word list, pairs, training, evaluation."""
