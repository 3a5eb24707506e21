"""Games: players with costs, from two numbers to two networks."""

from gansmith.games.game import Game, Player
from gansmith.games.gan import GAN
from gansmith.games.round import Round
from gansmith.games.terms import Term

__all__ = ["GAN", "Game", "Player", "Round", "Term"]
