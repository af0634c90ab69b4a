"""Style sheet of the report: one file, two themes, three widths, and paper."""

from __future__ import annotations

_LIGHT = """
--bg:#f5f6f9;--panel:#ffffff;--edge:#dfe3ea;--ink:#131a26;--ink-ink:#131a26;--muted:#56607a;
--grid:#e6e9ef;--base:#8b94a7;--hover:#131a2614;--track:#eef0f4;--accent:#1f5fd0;
--bad:#b3261e;--bad-bg:#fdeceb;--warn:#8a5300;--warn-bg:#fff4e0;
--lunar:#1f6fd6;--lunar-ink:#1657ac;--launch:#e08a00;--launch-ink:#945600;
--earth:#0b8a68;--earth-ink:#08694f;--index:#8250c4;--index-ink:#6a39ab;
--sun:#d9a400;--sun-ink:#7a5c00;--low:#1f6fd6;--low-ink:#1657ac;--high:#e08a00;--high-ink:#945600;
--rest:#aab2c0;--rest-ink:#56607a;--other:#7d8798;--other-ink:#56607a;
--k1:#1f6fd6;--k2:#e69f00;--k3:#009e73;--k4:#cc79a7;--k5:#56b4e9;--k6:#d55e00;--k7:#d8c928;--k8:#6b5fb5;
"""
_DARK = """
--bg:#070b14;--panel:#0d1422;--edge:#1d2740;--ink:#e8ecf5;--ink-ink:#e8ecf5;--muted:#97a3bd;
--grid:#1a2338;--base:#56627e;--hover:#e8ecf51a;--track:#141d30;--accent:#7fb2ff;
--bad:#ff8a80;--bad-bg:#33141a;--warn:#ffc46b;--warn-bg:#2c2112;
--lunar:#5aa7ff;--lunar-ink:#8cc2ff;--launch:#ffb04d;--launch-ink:#ffc67d;
--earth:#4fd1a5;--earth-ink:#7de0bf;--index:#b794f6;--index-ink:#cbb1fa;
--sun:#ffd75e;--sun-ink:#ffe08a;--low:#5aa7ff;--low-ink:#8cc2ff;--high:#ffb04d;--high-ink:#ffc67d;
--rest:#5f6b84;--rest-ink:#97a3bd;--other:#8a93a6;--other-ink:#97a3bd;
--k1:#5aa7ff;--k2:#ffb62e;--k3:#2fc79a;--k4:#e59ac4;--k5:#8fd3ff;--k6:#ff8352;--k7:#efe26a;--k8:#a99df0;
"""
_PAGE = """
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;scroll-behavior:smooth}
body{margin:0;background:var(--bg);color:var(--ink);font:16px/1.5 Inter,"Helvetica Neue",Helvetica,
Arial,"Liberation Sans",sans-serif;font-variant-numeric:tabular-nums}
main,header,footer{max-width:1208px;margin:0 auto;padding:0 24px}
header{padding-top:36px}
.brand{color:var(--muted);font-size:14px;letter-spacing:.02em}
h1{font-size:clamp(26px,4vw,40px);line-height:1.15;margin:6px 0 8px;letter-spacing:-.015em}
.lead{font-size:19px;line-height:1.45;max-width:74ch;margin:0 0 10px}
.meta{color:var(--muted);font-size:14px;margin:0 0 22px}
h2{font-size:22px;margin:44px 0 0;letter-spacing:-.01em}
a{color:var(--accent)}
nav{display:flex;flex-wrap:wrap;gap:4px 18px;font-size:14px;margin:0 0 18px}
nav a{text-decoration:none;line-height:24px}
nav a:hover{text-decoration:underline}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.tiles{display:grid;grid-template-columns:repeat(auto-fill,minmax(250px,1fr));gap:12px}
.tile,figure,.facts,.panel{background:var(--panel);border:1px solid var(--edge);border-radius:12px}
.tile{padding:14px 16px 13px}
.tile h3{margin:0;font-size:14px;font-weight:500;color:var(--muted)}
.tile b{display:block;font-size:29px;line-height:1.25;letter-spacing:-.015em;white-space:nowrap}
.tile b.never{color:var(--muted)}
.tile p{margin:0;font-size:14px;line-height:1.4;color:var(--muted)}
.tiles.small{margin-top:12px}
.tiles.small .tile{padding:9px 16px 8px}
.tiles.small b{font-size:19px;line-height:1.35}
.tiles.small p{font-size:13px}
.grid{display:grid;grid-template-columns:minmax(0,1fr);gap:16px}
figure{margin:0;padding:18px 18px 12px;min-width:0;display:flex;flex-direction:column}
figure h3{font-size:18px;line-height:1.3;margin:0 0 2px;letter-spacing:-.005em;text-wrap:balance}
figure .sub{color:var(--muted);font-size:14px;margin:0 0 10px}
figcaption{color:var(--muted);font-size:13.5px;line-height:1.45;margin-top:8px}
figure>details{margin-top:auto;padding-top:6px}
.keys{display:flex;flex-wrap:wrap;gap:2px 16px;font-size:13px;margin:0 0 8px;padding:0;
list-style:none}
.keys i{display:inline-block;width:11px;height:11px;border-radius:2px;margin-right:6px;
background:var(--c);vertical-align:-1px}
summary{cursor:pointer;color:var(--muted);font-size:13.5px;line-height:24px}
summary:hover{color:var(--ink)}
.scroll{overflow-x:auto;-webkit-overflow-scrolling:touch}
.scroll svg{min-width:860px}
.hint{display:none}
table{border-collapse:collapse;width:100%;font-size:13.5px}
th,td{text-align:left;padding:4px 12px 4px 0;border-bottom:1px solid var(--edge);vertical-align:top}
th{color:var(--muted);font-weight:500;white-space:nowrap}
td.num,th.num{text-align:right}
.panel{padding:6px 18px 12px}
section>*+*{margin-top:16px}
.facts{padding:16px 18px}
.facts h3{margin:0 0 6px;font-size:16px}
.facts dl{margin:0;display:grid;grid-template-columns:1fr auto;font-size:14px}
.facts dt,.facts dd{margin:0;padding:4px 0;border-bottom:1px solid var(--edge)}
.facts dt{color:var(--muted)}
.facts dd{text-align:right;padding-left:16px}
.notes{list-style:none;margin:0;padding:0;font-size:14.5px}
.notes li{padding:7px 0;border-bottom:1px solid var(--edge);overflow-wrap:anywhere}
.tag{display:inline-block;font-size:12px;line-height:18px;border-radius:4px;padding:0 6px;
border:1px solid var(--edge);color:var(--muted);white-space:nowrap}
.tag.placeholder{color:var(--bad);background:var(--bad-bg);border-color:var(--bad);font-weight:600}
.tag.claim,.tag.domain{color:var(--warn);background:var(--warn-bg);border-color:var(--warn)}
.tag.measured,.tag.published{color:var(--earth-ink);border-color:var(--earth)}
.tag.derived{color:var(--lunar-ink);border-color:var(--lunar)}
.banner{border:1px solid var(--bad);background:var(--bad-bg);color:var(--bad);border-radius:12px;
padding:10px 16px;margin:0 0 16px;font-size:15px}
.banner a{color:inherit}
code{font:12.5px/1.4 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}
.prose{max-width:76ch}
dl.prose{max-width:none;columns:2 36em;column-gap:48px}
.prose div{break-inside:avoid;padding-bottom:10px}
.prose dt{font-weight:600}
.prose dd{margin:0}
footer{color:var(--muted);font-size:13.5px;padding-top:36px;padding-bottom:48px}
"""
_CHART = """
svg{display:block;width:100%;height:auto;overflow:visible;font-family:inherit}
svg text{fill:var(--ink)}
svg .m{fill:var(--muted)}
svg .label{fill:var(--i,var(--ink));font-weight:600}
svg .halo{paint-order:stroke;stroke:var(--panel);stroke-width:3.5px;stroke-linejoin:round}
svg .num{font-variant-numeric:tabular-nums}
svg .grid{stroke:var(--grid);stroke-width:1}
svg .base{stroke:var(--base);stroke-width:1}
svg .zero{stroke:var(--ink);stroke-width:1}
svg .ref{stroke:var(--muted);stroke-width:1;stroke-dasharray:1 4;stroke-linecap:round}
svg .leader{stroke:var(--base);stroke-width:.75}
svg .band{fill:var(--c);fill-opacity:.2;stroke:none}
svg .line{fill:none;stroke:var(--c);stroke-width:2.5;stroke-linejoin:round;stroke-linecap:round}
svg .dot,svg .fill{fill:var(--c)}
svg .edge{stroke:var(--panel);stroke-width:1}
svg .area{fill:var(--c);fill-opacity:.75;stroke:var(--panel);stroke-width:.75}
svg .cell{fill:var(--c);shape-rendering:crispEdges}
svg .track{fill:var(--track)}
svg .shade{fill:var(--c);fill-opacity:.07}
svg .hit{fill:transparent}
svg .hit:hover{fill:var(--hover)}
svg .whisker{stroke:var(--lunar);stroke-width:7;stroke-opacity:.32}
svg .cap{stroke:var(--lunar);stroke-width:1.5}
svg .arrow{fill:none;stroke:var(--lunar);stroke-width:1.5}
svg .mark{fill:var(--lunar);stroke:var(--panel);stroke-width:1.5}
svg .mark.hollow{fill:var(--panel);stroke:var(--lunar);stroke-width:2}
svg .mark-line{stroke:var(--ink);stroke-width:1.25;stroke-dasharray:4 3}
svg .claim{fill:none;stroke:var(--ink);stroke-width:1.25;stroke-dasharray:4 3}
svg .ribbon{fill:none;stroke:var(--c);stroke-opacity:.34}
svg .ribbon.thin{stroke-opacity:.8;stroke-dasharray:4 2}
svg .ribbon:hover{stroke-opacity:.6}
svg .node{fill:var(--c)}
.size-m,.size-l{display:none}
.only svg{display:block}
"""
_WIDTHS = """
@media (max-width:559.9px){main,header,footer{padding-left:14px;padding-right:14px}
.tiles{grid-template-columns:repeat(2,minmax(0,1fr));gap:8px}.tile{padding:11px 12px}
.tile b{font-size:23px}.tiles.small .tile{padding:8px 12px}.tiles.small b{font-size:17px}
.lead{font-size:17px}figure{padding:14px 12px 10px}
.tile p,.tiles.small p{font-size:13px}}
@media (max-width:939.9px){.hint{display:inline}}
@media (max-width:379.9px){.tiles{grid-template-columns:minmax(0,1fr)}}
@media (min-width:560px){.size-s{display:none}.size-m{display:block}
.pictures{max-width:640px}.wide .pictures.only{max-width:none}}
@media (min-width:1040px){.grid.two{grid-template-columns:repeat(2,minmax(0,1fr))}
.wide .size-m{display:none}.wide .size-l{display:block}.wide .pictures{max-width:none}}
@media print{body{background:#fff;font-size:11pt}main,header,footer{max-width:none;padding:0}
figure,.tile,.facts,tr{break-inside:avoid}figure,.tile,.facts,.panel{border-color:#ccc}
h2{break-after:avoid}nav,.hint,.hit{display:none}.scroll{overflow:visible}.scroll svg{min-width:0}
.size-s,.size-l{display:none}.size-m{display:block}.only svg{display:block}
figure>details{display:none}.tiles{grid-template-columns:repeat(4,1fr)}
.tile b{font-size:17pt}.grid.two{grid-template-columns:repeat(2,minmax(0,1fr))}
.wide .size-m{display:none}.wide .size-l{display:block}}
"""


def _inks() -> str:
    """Text colour of the categorical palette: the page's ink, so that it is always readable."""
    return ":root{" + "".join(f"--k{i}-ink:var(--ink);" for i in range(1, 9)) + "}"


def style_sheet() -> str:
    """Return the whole style sheet."""
    return "".join(
        [
            f":root{{color-scheme:light;{_LIGHT}}}",
            f"@media screen and (prefers-color-scheme:dark){{:root{{color-scheme:dark;{_DARK}}}}}",
            _inks(),
            _PAGE,
            _CHART,
            _WIDTHS,
        ]
    ).replace("\n", "")
