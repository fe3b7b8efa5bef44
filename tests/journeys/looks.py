"""What can be measured about how a page looks: does it fit, can its words be read."""

from __future__ import annotations

from playwright.sync_api import Page

OVERHANG = """() => {
  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= room) return [];
  return [...document.body.querySelectorAll("*")]
    .filter((one) => one.checkVisibility() && one.getBoundingClientRect().right > room + 0.5)
    .slice(0, 5)
    .map((one) => `${one.tagName.toLowerCase()}.${one.className}: ${(one.textContent ?? "").trim().slice(0, 30)}`);
}"""
FAINT = """() => {
  const pen = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const known = new Map();
  const parts = (colour) => {
    if (!known.has(colour)) {
      pen.clearRect(0, 0, 1, 1);
      pen.fillStyle = colour;
      pen.fillRect(0, 0, 1, 1);
      const [r, g, b, a] = pen.getImageData(0, 0, 1, 1).data;
      known.set(colour, [r, g, b, a / 255]);
    }
    return known.get(colour);
  };
  const over = ([r, g, b, a], under) => [r, g, b].map((value, i) => value * a + under[i] * (1 - a)).concat(1);
  const ground = (element) => {
    if (!element) return parts("canvas");
    const own = parts(getComputedStyle(element).backgroundColor);
    return own[3] === 1 ? own : over(own, ground(element.parentElement));
  };
  const light = (colour) => {
    const [r, g, b] = colour.map((value) => value / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (one, other) => {
    const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const faint = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const words = walker.currentNode.textContent.trim();
    if (!words || element.closest("svg, script, [aria-hidden=true], :disabled") || !element.checkVisibility({ visibilityProperty: true })) continue;
    const style = getComputedStyle(element);
    const under = ground(element);
    const ratio = contrast(over(parts(style.color), under), under);
    if (ratio < (parseFloat(style.fontSize) >= 24 ? 3 : 4.5)) faint.add(`${ratio.toFixed(2)}: ${words.slice(0, 30)}`);
  }
  return [...faint];
}"""
WAYS = """() => [...new Set([...document.querySelectorAll("nav a[href]")]
  .filter((link) => link.origin === location.origin).map((link) => link.pathname))]"""


def list_overhanging(page: Page) -> list[str]:
    """What makes the page wider than the window; nothing where it fits."""
    found: list[str] = page.evaluate(OVERHANG)
    return found


def list_faint_words(page: Page) -> list[str]:
    """Words whose contrast against what lies under them is below 4.5, or 3 where they are large, with the contrast."""
    found: list[str] = page.evaluate(FAINT)
    return found


def list_ways(page: Page) -> list[str]:
    """Where the page's navigations lead, as paths of this server."""
    found: list[str] = page.evaluate(WAYS)
    return found
