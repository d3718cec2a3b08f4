"""How full the pages of a PDF are, from their pictures."""

import pypdfium2

FOOT, HEAD = 0.94, 0.07  # of a page's height: below and above stand the foot and the head of every page
SCALE = 0.5


def filled(data: bytes) -> list[float]:
    """How far down each page something is drawn, 0 to 1, without its foot."""
    with pypdfium2.PdfDocument(data) as pages:
        pictures = [page.render(scale=SCALE, grayscale=True).to_pil() for page in pages]
    found = []
    for picture in pictures:
        width, height = picture.size
        body = picture.crop((0, int(height * HEAD), width, int(height * FOOT)))
        box = body.point(lambda shade: 255 if shade < 235 else 0).getbbox()
        found.append((HEAD * height + box[3]) / height if box else 0.0)
    return found
