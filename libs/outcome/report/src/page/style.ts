/**
 * The page's style sheet: one column, boxes that scroll by themselves, light and dark (`colours.ts`), and
 * paper.
 */
import { darkRules, GROUND, PAGE } from './colours.js';

function variables(scheme: 'light' | 'dark'): string {
  const colours = { ground: GROUND[scheme], ...PAGE[scheme] };
  return Object.entries(colours)
    .map(([name, colour]) => `--${name}:${colour}`)
    .join(';');
}

export const pageStyle = `
:root{${variables('light')};color-scheme:light}
*{box-sizing:border-box}
html{font:100%/1.5 "Helvetica Neue",Helvetica,Arial,"Liberation Sans","DejaVu Sans",sans-serif}
body{margin:0;background:var(--ground);color:var(--text)}
header,nav,main,footer{max-width:62rem;margin:0 auto;padding:0 1rem}
h1{font-size:1.7rem;line-height:1.2;margin:2rem 0 .5rem}
h2{font-size:1.3rem;margin:2.5rem 0 .5rem;padding-top:.5rem;border-top:1px solid var(--line)}
h3{font-size:1.05rem;margin:1.5rem 0 .5rem}
p,li,h1,h2,h3,figcaption,summary{overflow-wrap:anywhere}
a{color:var(--link)}
:focus-visible{outline:2px solid var(--link);outline-offset:2px}
code,pre{font-family:ui-monospace,"DejaVu Sans Mono",Menlo,Consolas,monospace;font-size:.87em;overflow-wrap:anywhere}
pre{overflow-x:auto;background:var(--tint);padding:.75rem;white-space:pre}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;list-style:none;padding:0}
.skip{position:absolute;left:-100vw}
.skip:focus{position:static}
.summary{font-size:1.12rem;border-left:4px solid var(--link);padding-left:1rem}
.quiet,small{color:var(--quiet)}
.missing{background:var(--tint);padding:.6rem .8rem;border-radius:4px}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.scroll{overflow-x:auto;margin:1rem 0;position:relative}
table{border-collapse:collapse;font-size:.92rem;min-width:min(100%,24rem)}
caption{text-align:left;font-weight:bold;padding:.3rem 0}
th,td{text-align:left;padding:.3rem .7rem .3rem 0;border-bottom:1px solid var(--line);vertical-align:top;font-weight:normal}
thead th{font-weight:bold;vertical-align:bottom}
.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
thead .number{white-space:normal}
th button{font:inherit;color:inherit;background:none;border:0;padding:0;text-align:inherit;cursor:pointer}
th button::after{content:"\\a0\\2195";color:var(--quiet)}
th[aria-sort=ascending] button::after{content:"\\a0\\2191"}
th[aria-sort=descending] button::after{content:"\\a0\\2193"}
figure{margin:1.5rem 0}
figure svg{display:block;max-width:100%;min-width:30rem;height:auto}
figure svg>rect[fill="white"]{fill:none}
figcaption{font-size:.92rem;color:var(--quiet)}
.downloads{white-space:nowrap}
summary{cursor:pointer}
.digests{font-size:.87rem;padding-left:1.2rem}
footer{margin-top:3rem;margin-bottom:2rem;color:var(--quiet);font-size:.92rem}
@media screen and (prefers-color-scheme:dark){
:root{${variables('dark')};color-scheme:dark}
${darkRules('figure svg')}
}
@media print{
nav,.skip,.downloads{display:none}
header,main,footer{max-width:none;padding:0}
.scroll{overflow:visible}
table{font-size:.75rem}
figure,tr,h2,h3{break-inside:avoid}
figure svg{min-width:0}
h2,h3,caption{break-after:avoid}
}
`;
