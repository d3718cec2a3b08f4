"""What is drawn: the texts of a chart in a page, which are outlines named by their letter, and how full a PDF's pages are."""

import re
from xml.etree import ElementTree

import pypdfium2

SVG = "{http://www.w3.org/2000/svg}"
LETTER = re.compile("#[RST]([0-9a-f]+)")


FOOT, HEAD = 0.94, 0.07  # of a page's height: below and above stand the foot and the head of every page


def sized(svg: str) -> list[tuple[float, str]]:
    """The lines of an SVG, drawn or written, each with its size in units."""
    lines = []
    for node in ElementTree.fromstring(svg).iter():
        if node.tag == f"{SVG}text":
            lines.append((float(re.search(r"font-size: ([\d.]+)", node.get("style"))[1]), "".join(node.itertext())))
        elif node.tag == f"{SVG}g":
            letters = [LETTER.fullmatch(use.get("href", "")) for use in node.findall(f"{SVG}use")]
            if letters and all(letters):
                scale = float(re.search(r"scale\(([\d.]+)", node.get("transform"))[1])
                lines.append((round(scale * 1000, 1), "".join(chr(int(letter[1], 16)) for letter in letters)))
    return lines


def texts(svg: str) -> list[str]:
    """The lines of an SVG, drawn or written."""
    return [text for _size, text in sized(svg)]


def filled(data: bytes) -> list[float]:
    """How far down each page of a PDF something is drawn, 0 to 1, without its foot."""
    with pypdfium2.PdfDocument(data) as pages:
        pictures = [page.render(scale=0.5, grayscale=True).to_pil() for page in pages]
    found = []
    for picture in pictures:
        width, height = picture.size
        body = picture.crop((0, int(height * HEAD), width, int(height * FOOT)))
        box = body.point(lambda shade: 255 if shade < 235 else 0).getbbox()
        found.append((HEAD * height + box[3]) / height if box else 0.0)
    return found
