"""Charts that stand inside a page."""

from base64 import b64encode
from collections.abc import Callable, Mapping

Draw = Callable[..., str]  # takes the scheme, gives SVG text


def both_schemes(draws: Mapping[str, Draw]) -> dict[str, dict[str, str]]:
    """Each chart in both schemes as an address that holds its picture: for pages whose charts have none of their own."""
    return {
        name: {scheme: _inside(draw(scheme=scheme)) for scheme in ("light", "dark")} for name, draw in draws.items()
    }


def _inside(svg: str) -> str:
    return f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"
