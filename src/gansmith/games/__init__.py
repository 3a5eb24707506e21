"""Games: players with costs, from two numbers to any number of networks."""

from typing import TYPE_CHECKING

from gansmith.lazy import doors

if TYPE_CHECKING:
    from gansmith.games.game import Game, Player
    from gansmith.games.gan import GAN
    from gansmith.games.minibatch import Minibatch
    from gansmith.games.round import Round

__all__ = ["GAN", "Game", "Minibatch", "Player", "Round"]

__getattr__ = doors(
    __name__, {"Game": "game", "Player": "game", "GAN": "gan", "Minibatch": "minibatch", "Round": "round"}
)
