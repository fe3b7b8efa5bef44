"""Draws the pictures that the drills show: ``python -m tests.drills.draw``."""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw

from qunying.judgement.images.tests.drawn import code

FOLDER = Path(__file__).resolve().parent / "pictures"
GROUP = "https://weixin.qq.com/g/AwYAAGfulitang7"
CARDS = {
    "group-invitation.png": ((214, 90, 70), GROUP, 0),
    "group-invitation-again.png": ((60, 120, 200), GROUP, 20),
    "contact.png": ((90, 160, 110), "https://u.wechat.com/EAbcDeFgHi12345", 0),
    "teacher.png": ((200, 180, 90), "https://u.wechat.com/EWangLaoShi2024", 0),
    "teacher-screenshot.png": ((40, 40, 48), "https://u.wechat.com/EWangLaoShi2024", 30),
    "handout.png": ((120, 120, 160), "https://docs.example.org/tea/notes", 0),
    "bargain.png": ((230, 140, 60), "https://shop.example.net/kanjia?id=88", 0),
}
SHARED = {
    "shared-one.png": ("https://u.wechat.com/EOneOneOne00001", 1.0),
    "shared-two.png": ("https://u.wechat.com/EZwoXYZabc99999", 1.25),
    "shared-three.png": ("https://u.wechat.com/Ethr33thr33pqr7", 0.9),
}


def card(colour: tuple[int, int, int], text: str, shift: int) -> Image.Image:
    """A small poster with a large code."""
    picture = Image.new("RGB", (320, 440), colour)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 0, 320, 70), fill=tuple(max(0, part - 60) for part in colour))
    for line in range(5):
        pen.rectangle((30, 95 + line * 22, 290 - line * 30, 107 + line * 22), fill=(250, 250, 240))
    picture.paste(code(text, 150), (85 + shift, 240))
    return picture


def shared(text: str, scale: float) -> Image.Image:
    """A large poster with a small code, as large as somebody made it."""
    picture = Image.new("RGB", (400, 560), (250, 236, 200))
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 0, 400, 110), fill=(190, 60, 50))
    pen.polygon([(0, 110), (400, 110), (400, 190), (0, 150)], fill=(230, 150, 70))
    pen.ellipse((40, 180, 250, 390), fill=(90, 140, 90))
    for box, ink in (
        ((210, 260, 380, 300), (60, 60, 90)),
        ((210, 320, 340, 345), (120, 60, 90)),
        ((20, 440, 230, 470), (80, 80, 80)),
        ((20, 490, 200, 520), (130, 130, 130)),
    ):
        pen.rectangle(box, fill=ink)
    picture.paste(code(text, 120), (265, 425))
    return picture.resize((int(400 * scale), int(560 * scale)))


def cup() -> Image.Image:
    """A cup of tea."""
    picture = Image.new("RGB", (360, 270), (214, 200, 180))
    pen = ImageDraw.Draw(picture)
    pen.ellipse((110, 90, 250, 210), fill=(240, 240, 236), outline=(120, 100, 80), width=4)
    pen.ellipse((130, 110, 230, 160), fill=(150, 90, 40))
    pen.arc((230, 110, 300, 180), 270, 90, fill=(120, 100, 80), width=8)
    return picture


def main() -> None:
    """Writes them all anew."""
    drawn = {name: card(*how) for name, how in CARDS.items()}
    drawn |= {name: shared(*how) for name, how in SHARED.items()} | {"cup.png": cup()}
    for name, picture in drawn.items():
        picture.quantize(24).save(FOLDER / name, "PNG", optimize=True)


if __name__ == "__main__":
    main()
