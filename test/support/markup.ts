/** What the texts below would run wherever a text is taken for markup, an address or a pattern. */
const RUN = 'window.__xss=1';

export const HOSTILE_TEXTS: readonly string[] = [
  `<script>${RUN}</script>`,
  `<img src=x onerror="${RUN}">`,
  `<svg onload="${RUN}"><circle r=1></svg>`,
  `"><svg/onload=${RUN}>`,
  `'><iframe srcdoc="<script>parent.${RUN}</script>"></iframe>`,
  `<a href="javascript:${RUN}">press</a>`,
  `javascript:${RUN}//https://example.com`,
  `[press](javascript:${RUN})`,
  `data:text/html,<script>${RUN}</script>`,
  `vbscript:${RUN} file:///etc/passwd ftp://example.com/x`,
  `https://example.com/"onmouseover="${RUN}"x="`,
  `http://example.com/<img src=x onerror=${RUN}>`,
  `<math><mtext></mtext><mglyph><style><img src=x onerror="${RUN}"></style></mglyph></math>`,
  `<details open ontoggle="${RUN}"><summary>x</summary></details>`,
  `<style>@import "https://evil.example/x.css"; * { display: none }</style>`,
  `<link rel=stylesheet href="https://evil.example/x.css"><base href="https://evil.example/">`,
  `<form action="https://evil.example/"><button autofocus onfocus="${RUN}">x</button></form>`,
  `{{constructor.constructor('${RUN}')()}} \${${RUN}} <%= ${RUN} %>`,
  `&lt;script&gt;${RUN}&lt;/script&gt;`,
  `</textarea></title></noscript><script>${RUN}</script>`,
  `__proto__ constructor toString @constructor @__proto__`,
  `<template><script>${RUN}</script></template><noembed><img src=x onerror=${RUN}></noembed>`,
];
