// Headless Chromium with one warm page whose texts and pictures are exchanged, then a screenshot.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";
import QRCode from "qrcode";

const folder = process.argv[2];
const spec = JSON.parse(readFileSync(`${folder}/spec.json`, "utf8"));
const inline = (name, kind) => `data:image/${kind};base64,${readFileSync(`${folder}/${name}`).toString("base64")}`;
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
const page = await browser.newPage({ viewport: { width: spec.width, height: spec.height } });
const avatars = Object.fromEntries([0, 1, 2, 3].map((n) => [`avatar${n}.jpg`, inline(`avatar${n}.jpg`, "jpeg")]));
await page.setContent(`<style>body{margin:0;background:url(${inline("still.png", "png")})}
  #stage *{position:absolute;white-space:pre;line-height:1;font-family:"Noto Sans CJK SC",sans-serif}</style><div id="stage"></div>`);

async function draw(person) {
  const code = QRCode.create(person.link, { errorCorrectionLevel: "M" }).modules;
  let path = "";
  for (let row = 0; row < code.size; row++)
    for (let column = 0; column < code.size; column++) if (code.get(row, column)) path += `M${column} ${row}h1v1h-1z`;
  const [left, top, side] = person.avatar_box;
  const [x, y, room] = person.code_box;
  const texts = person.texts
    .map((t) => `<span style="left:${t.x}px;top:${t.y - t.size * 0.88}px;font-size:${t.size}px;font-weight:${t.weight};color:${t.colour}">${t.text}</span>`)
    .join("");
  await page.evaluate(
    (html) => { document.getElementById("stage").innerHTML = html; },
    `<img src="${avatars[person.avatar]}" style="left:${left}px;top:${top}px;width:${side}px;height:${side}px;border-radius:50%">${texts}
     <svg style="left:${x}px;top:${y}px" width="${room}" height="${room}" viewBox="0 0 ${code.size} ${code.size}"><path d="${path}"/></svg>`,
  );
  return page.screenshot({ type: "jpeg", quality: 85 });
}

console.log("ready");
for await (const line of createInterface({ input: process.stdin })) {
  const [first, many] = line.split(" ").map(Number);
  let data;
  for (let at = first; at < first + many; at++) data = await draw(spec.people[at % spec.people.length]);
  console.log(data.length);
}
await browser.close();
