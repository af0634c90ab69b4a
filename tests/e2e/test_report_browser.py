"""The report in a browser: no console message, pictures of real size, labels that do not touch."""

from __future__ import annotations

import html
import json
import os
import re
import shutil
import subprocess
import zlib
from pathlib import Path
from typing import Any

import pytest
from driver_page_fixture import blocks
from report_fixture import make_summary, null_summary

from moonbase.report.driver_page import driver_page
from moonbase.report.html import render_report

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--no-first-run",
    "--hide-scrollbars",
    "--allow-file-access-from-files",
    "--enable-logging=stderr",
    "--virtual-time-budget=3000",
)
HARNESS = """<!doctype html><body style="margin:0"><iframe src="report.html"
style="border:0;width:%(width)dpx;height:900px"></iframe><pre id="out"></pre><script>
const frame = document.querySelector("iframe");
frame.addEventListener("load", () => {
  const page = frame.contentDocument;
  const shown = [...page.querySelectorAll("svg")].filter(s => s.getClientRects().length);
  const boxes = svg => [...svg.querySelectorAll("text")].map(t => {
    const r = t.getBoundingClientRect();
    return {words: t.textContent, l: r.left, r: r.right, t: r.top + 0.2 * r.height,
            b: r.bottom - 0.2 * r.height};
  });
  const clashes = [], escaped = [];
  for (const svg of shown) {
    const all = boxes(svg), area = svg.getBoundingClientRect();
    all.forEach((a, i) => {
      if (a.l < area.left - 3 || a.r > area.right + 3) escaped.push(a.words);
      for (const c of all.slice(i + 1))
        if (Math.min(a.r, c.r) - Math.max(a.l, c.l) > 1 &&
            Math.min(a.b, c.b) - Math.max(a.t, c.t) > 1) clashes.push([a.words, c.words]);
    });
  }
  const root = page.documentElement;
  document.getElementById("out").textContent = JSON.stringify({
    figures: [...page.querySelectorAll("figure")].map(f => ({
      id: f.id, pictures: [...f.querySelectorAll("svg")].map(s => {
        const r = s.getBoundingClientRect(); return [r.width, r.height]; })
        .filter(([w, h]) => w > 0 && h > 0)})),
    clashes, escaped, overflow: root.scrollWidth - root.clientWidth,
    background: getComputedStyle(page.body).backgroundColor, height: root.scrollHeight});
});
</script></body>"""


@pytest.fixture(scope="module")
def browser() -> str:
    found = os.environ.get("MOONBASE_BROWSER") or next(
        (path for name in NAMES if (path := shutil.which(name))), None
    )
    if found is None:
        if os.environ.get("MOONBASE_REQUIRE_BROWSER") == "1":
            pytest.fail("no Chromium found, and MOONBASE_REQUIRE_BROWSER=1")
        pytest.skip("no Chromium found; set MOONBASE_BROWSER to its path")
    return found


def run(browser: str, folder: Path, page: Path, *more: str) -> tuple[str, list[str]]:
    """Standard output and console messages of one headless visit."""
    command = [browser, *FLAGS, f"--user-data-dir={folder / 'profile'}", *more, page.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    return done.stdout, re.findall(r".*CONSOLE.*", done.stderr)


def measure(browser: str, folder: Path, page: str, width: int) -> dict[str, Any]:
    """Sizes, label clashes and overflow of a page in a window of a width."""
    (folder / "report.html").write_text(page, encoding="utf-8")
    harness = folder / "harness.html"
    harness.write_text(HARNESS % {"width": width}, encoding="utf-8")
    dom, console = run(browser, folder, harness, "--dump-dom", "--window-size=1700,1000")
    assert console == []
    found = re.search(r'<pre id="out">(.*?)</pre>', dom, re.DOTALL)
    assert found is not None
    return dict(json.loads(html.unescape(found.group(1))))


@pytest.mark.parametrize("width", [360, 400, 800, 1280, 1600])
def test_figures_have_size_and_labels_keep_apart(browser: str, tmp_path: Path, width: int) -> None:
    seen = measure(browser, tmp_path, render_report(make_summary()), width)
    assert len(seen["figures"]) == 13
    for figure in seen["figures"]:
        assert len(figure["pictures"]) == 1, figure["id"]
        assert figure["pictures"][0][0] > 250 and figure["pictures"][0][1] > 150, figure["id"]
    assert seen["overflow"] <= 0
    assert seen["clashes"] == [] and seen["escaped"] == []


@pytest.mark.parametrize("summary", [null_summary(), make_summary(1)], ids=["null", "one-draw"])
def test_degenerate_reports_are_clean(
    browser: str, tmp_path: Path, summary: dict[str, Any]
) -> None:
    seen = measure(browser, tmp_path, render_report(summary), 1280)
    assert seen["clashes"] == [] and seen["escaped"] == [] and seen["overflow"] <= 0


@pytest.mark.parametrize("width", [360, 400, 800, 1280, 1600])
def test_labels_of_the_driver_page_keep_apart(browser: str, tmp_path: Path, width: int) -> None:
    seen = measure(browser, tmp_path, driver_page(**blocks()), width)
    assert len(seen["figures"]) > 8
    assert seen["clashes"] == [] and seen["escaped"] == [] and seen["overflow"] <= 0


def pixels(png: bytes) -> set[bytes]:
    """Distinct samples of a picture's raw rows."""
    data, at = b"", 8
    while at < len(png):
        size = int.from_bytes(png[at : at + 4], "big")
        if png[at + 4 : at + 8] == b"IDAT":
            data += png[at + 8 : at + 8 + size]
        at += size + 12
    raw = zlib.decompress(data)
    return {raw[i : i + 3] for i in range(0, len(raw) - 3, 101)}


def test_screenshots_are_not_blank_and_the_dark_theme_is_dark(browser: str, tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    page.write_text(render_report(make_summary()), encoding="utf-8")
    size = "--window-size=1280,2400"
    shots = {}
    for name, flags in (("light", ()), ("dark", ("--force-dark-mode",))):
        picture = tmp_path / f"{name}.png"
        _, console = run(browser, tmp_path, page, f"--screenshot={picture}", size, *flags)
        assert console == []
        shots[name] = picture.read_bytes()
        assert len(pixels(shots[name])) > 100
    assert shots["light"] != shots["dark"]
