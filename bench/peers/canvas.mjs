// Node canvas (@napi-rs/canvas) with the still picture, fonts and avatars kept.
import { createCanvas, GlobalFonts, loadImage } from "@napi-rs/canvas";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import QRCode from "qrcode";

const folder = process.argv[2];
const spec = JSON.parse(readFileSync(`${folder}/spec.json`, "utf8"));
GlobalFonts.registerFromPath(spec.font, "Poster");
const still = await loadImage(`${folder}/still.png`);
const avatars = {};
for (const person of spec.people) avatars[person.avatar] ??= await loadImage(`${folder}/${person.avatar}`);
const canvas = createCanvas(spec.width, spec.height);
const pen = canvas.getContext("2d");

async function draw(person) {
  pen.drawImage(still, 0, 0);
  const [left, top, side] = person.avatar_box;
  pen.save();
  pen.beginPath();
  pen.arc(left + side / 2, top + side / 2, side / 2, 0, 2 * Math.PI);
  pen.clip();
  pen.drawImage(avatars[person.avatar], left, top, side, side);
  pen.restore();
  for (const text of person.texts) {
    pen.font = `${text.weight} ${text.size}px Poster`;
    pen.fillStyle = text.colour;
    pen.fillText(text.text, text.x, text.y);
  }
  const code = QRCode.create(person.link, { errorCorrectionLevel: "M" }).modules;
  const [x, y, room] = person.code_box;
  const module = room / code.size;
  pen.fillStyle = "#000000";
  for (let row = 0; row < code.size; row++)
    for (let column = 0; column < code.size; column++)
      if (code.get(row, column)) pen.fillRect(x + column * module, y + row * module, module, module);
  return canvas.encode("jpeg", 85);
}

console.log("ready");
for await (const line of createInterface({ input: process.stdin })) {
  const [first, many] = line.split(" ").map(Number);
  let data;
  for (let at = first; at < first + many; at++) data = await draw(spec.people[at % spec.people.length]);
  console.log(data.length);
}
