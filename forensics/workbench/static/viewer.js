// A photograph of any size: tiles drawn on a canvas, what was seen drawn over it, boxes drawn and bolts clicked.
import { post, refresh, watchSoon, say } from "./workbench.js";

const root = document.getElementById("viewer");
const canvas = root.querySelector("canvas"), svg = root.querySelector("svg"), cross = root.querySelector(".cross");
const ink = canvas.getContext("2d", { alpha: false });
const NS = "http://www.w3.org/2000/svg";
const MOST_TILES = 160;

let frame = null, levels = 0;
let scale = 1, left = 0, top = 0;          // css pixels per picture pixel; picture pixel at the top left corner
let mode = "pan", draft = null, bolts = [], cursor = null, chosen = null;
const tiles = new Map();                    // "level/x/y" -> {image, ready}
let wanted = false;

function size() { return [root.clientWidth, root.clientHeight]; }
function clampView() {
  const [w, h] = size();
  const least = Math.min(w / frame.width_px, h / frame.height_px) * 0.7;
  scale = Math.min(Math.max(scale, least), 16);
  const across = w / scale, down = h / scale;
  left = across >= frame.width_px ? (frame.width_px - across) / 2 : Math.min(Math.max(left, -across * 0.3), frame.width_px - across * 0.7);
  top = down >= frame.height_px ? (frame.height_px - down) / 2 : Math.min(Math.max(top, -down * 0.3), frame.height_px - down * 0.7);
}
function fit() {
  const [w, h] = size();
  scale = Math.min(w / frame.width_px, h / frame.height_px);
  left = (frame.width_px - w / scale) / 2; top = (frame.height_px - h / scale) / 2;
  redraw();
}
function zoomAt(factor, x, y) {
  const px = left + x / scale, py = top + y / scale;
  scale *= factor;
  const [w, h] = size();
  scale = Math.min(Math.max(scale, Math.min(w / frame.width_px, h / frame.height_px) * 0.7), 16);
  left = px - x / scale; top = py - y / scale;
  redraw();
}
function redraw() { if (!wanted) { wanted = true; requestAnimationFrame(draw); } }

function tile(level, x, y) {
  const name = `${level}/${x}/${y}`;
  let one = tiles.get(name);
  if (one) { tiles.delete(name); tiles.set(name, one); return one; }
  const image = new Image();
  one = { image, ready: false };
  image.decoding = "async";
  image.addEventListener("load", () => { one.ready = true; redraw(); });
  image.src = `/pictures/${root.dataset.id}/${name}.jpg?v=${root.dataset.key}`;
  tiles.set(name, one);
  while (tiles.size > MOST_TILES) tiles.delete(tiles.keys().next().value);
  return one;
}
function drawLevel(level, fetchMissing) {
  const [w, h] = size(), step = frame.tile_px * 2 ** level;
  const first = [Math.max(0, Math.floor(left / step)), Math.max(0, Math.floor(top / step))];
  const last = [Math.min(Math.ceil(frame.width_px / step) - 1, Math.floor((left + w / scale) / step)), Math.min(Math.ceil(frame.height_px / step) - 1, Math.floor((top + h / scale) / step))];
  for (let y = first[1]; y <= last[1]; y++) for (let x = first[0]; x <= last[0]; x++) {
    const known = tiles.get(`${level}/${x}/${y}`);
    const one = known || (fetchMissing ? tile(level, x, y) : null);
    if (!one?.ready) continue;
    const dx = (x * step - left) * scale, dy = (y * step - top) * scale;
    ink.drawImage(one.image, dx, dy, one.image.naturalWidth * 2 ** level * scale + 0.5, one.image.naturalHeight * 2 ** level * scale + 0.5);
  }
}
function draw() {
  wanted = false;
  if (!frame) return;
  clampView();
  const [w, h] = size(), dense = Math.min(2, devicePixelRatio || 1);
  if (canvas.width !== Math.round(w * dense) || canvas.height !== Math.round(h * dense)) { canvas.width = Math.round(w * dense); canvas.height = Math.round(h * dense); }
  ink.setTransform(dense, 0, 0, dense, 0, 0);
  ink.fillStyle = "#0d1114"; ink.fillRect(0, 0, w, h);
  ink.imageSmoothingEnabled = scale < 3;
  const best = Math.min(levels, Math.max(0, Math.floor(Math.log2(1 / (scale * dense)))));
  for (let level = levels; level > best; level--) drawLevel(level, level === levels);
  drawLevel(best, true);
  overlay();
  root.dataset.scale = scale.toFixed(5);
  root.dataset.left = left.toFixed(1); root.dataset.top = top.toFixed(1);
}

function element(name, attributes, parent) {
  const made = document.createElementNS(NS, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  parent?.append(made);
  return made;
}
function overlay() {
  const [w, h] = size();
  svg.setAttribute("viewBox", `${left} ${top} ${w / scale} ${h / scale}`);
  svg.replaceChildren();
  const unit = 1 / scale;
  for (const card of document.querySelectorAll("[data-card][data-box]")) {
    const [x, y, width, height] = card.dataset.box.split(",").map(Number);
    const group = element("g", { class: `${card.classList.contains("waits") ? "" : "settled"} ${card.dataset.id === chosen ? "chosen" : ""}` }, svg);
    element("rect", { class: "halo", x, y, width, height }, group);
    const box = element("rect", { class: "box", x, y, width, height }, group);
    box.addEventListener("pointerdown", (event) => { if (mode === "pan") { event.stopPropagation(); choose(card.dataset.id, true); } });
    const number = card.querySelector(".number").textContent;
    element("rect", { class: "tag", x, y: y - 18 * unit, width: (10 + 8 * number.length) * unit, height: 18 * unit }, group);
    const text = element("text", { x: x + 5 * unit, y: y - 4.5 * unit, "font-size": 13 * unit }, group);
    text.style.fontSize = `${13 * unit}px`; text.textContent = number;
    for (const angle of (card.dataset.ring || "").split(",").filter(Boolean).map(Number)) {
      const turn = (angle * Math.PI) / 180;
      element("circle", { class: "machine-bolt", cx: x + width / 2 + (width / 2) * 0.93 * Math.cos(turn), cy: y + height / 2 - (height / 2) * 0.93 * Math.sin(turn), r: 5 * unit }, group);
    }
  }
  for (const [x, y] of bolts) element("circle", { class: "bolt", cx: x, cy: y, r: 7 * unit }, svg);
  if (draft) element("rect", { class: "draft", x: Math.min(draft[0], draft[2]), y: Math.min(draft[1], draft[3]), width: Math.abs(draft[2] - draft[0]), height: Math.abs(draft[3] - draft[1]) }, svg);
  cross.hidden = !cursor;
  if (cursor) { cross.style.left = `${(cursor[0] - left) * scale}px`; cross.style.top = `${(cursor[1] - top) * scale}px`; }
}

function choose(id, scroll) {
  chosen = id;
  for (const card of document.querySelectorAll("[data-card]")) {
    card.classList.toggle("chosen", card.dataset.id === id);
    if (card.dataset.id === id && scroll) card.scrollIntoView({ block: "nearest" });
  }
  redraw();
}
function show(card) {
  choose(card.dataset.id, false);
  if (!card.dataset.box) return;
  const [x, y, width, height] = card.dataset.box.split(",").map(Number), [w, h] = size();
  scale = Math.min(w / (width * 3), h / (height * 3), 4);
  left = x + width / 2 - w / scale / 2; top = y + height / 2 - h / scale / 2;
  redraw();
}
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-show]");
  if (button) show(button.closest("[data-card]"));
});
document.addEventListener("focusin", (event) => { const card = event.target.closest?.("[data-card]"); if (card && card.dataset.id !== chosen) choose(card.dataset.id, false); });
document.addEventListener("refreshed", redraw);

// Tools
const boxTray = document.getElementById("box-tray"), boltTray = document.getElementById("bolt-tray");
function setMode(next) {
  mode = next; draft = null; cursor = null;
  if (next !== "bolts") bolts = [];
  boxTray.hidden = true; boltTray.hidden = next !== "bolts";
  root.classList.toggle("drawing-mode", next !== "pan");
  for (const button of document.querySelectorAll("[data-mode]")) button.setAttribute("aria-pressed", String(button.dataset.mode === next));
  count(); redraw();
}
function count() {
  document.getElementById("bolt-count").textContent = bolts.length;
  boltTray.elements.points.value = bolts.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(";");
  boltTray.querySelector(".primary").disabled = bolts.length < 3;
}
function bolt(x, y) {
  const near = bolts.findIndex(([bx, by]) => Math.hypot(bx - x, by - y) * scale < 9);
  if (near >= 0) bolts.splice(near, 1); else bolts.push([x, y]);
  count(); redraw();
}
function finishBox() {
  const x = Math.max(0, Math.min(draft[0], draft[2])), y = Math.max(0, Math.min(draft[1], draft[3]));
  const width = Math.min(frame.width_px, Math.max(draft[0], draft[2])) - x, height = Math.min(frame.height_px, Math.max(draft[1], draft[3])) - y;
  if (width < 4 || height < 4) { draft = null; redraw(); return; }
  const fields = boxTray.elements;
  fields.x.value = Math.round(x); fields.y.value = Math.round(y); fields.width.value = Math.round(width); fields.height.value = Math.round(height);
  fields.value.value = "";
  document.getElementById("box-crop").src = `/pictures/${root.dataset.id}/crop/${fields.x.value}/${fields.y.value}/${fields.width.value}/${fields.height.value}.jpg?v=${root.dataset.key}`;
  boxTray.hidden = false; buttons();
  fields.value.focus();
}
function buttons() {
  const filled = Boolean(boxTray.elements.value.value.trim());
  boxTray.querySelector("[data-when]").disabled = !filled;
  boxTray.querySelector("[data-empty]").disabled = filled;
}
boxTray.addEventListener("input", buttons);
for (const button of document.querySelectorAll("[data-mode]")) button.addEventListener("click", () => { setMode(button.dataset.mode); root.focus(); });
for (const button of document.querySelectorAll("[data-zoom]")) button.addEventListener("click", () => zoom(button.dataset.zoom));
for (const button of document.querySelectorAll("[data-cancel]")) button.addEventListener("click", () => setMode("pan"));
function zoom(how) {
  const [w, h] = size();
  if (how === "fit") fit();
  else if (how === "one") zoomAt(1 / (devicePixelRatio || 1) / scale, w / 2, h / 2);
  else zoomAt(how === "in" ? 1.5 : 1 / 1.5, w / 2, h / 2);
}
for (const tray of [boxTray, boltTray]) tray.addEventListener("submit", async (event) => {
  event.preventDefault();
  const fields = new FormData(tray, event.submitter);
  const said = await post(tray.getAttribute("action"), fields);
  if (!said.ok) return;
  setMode("pan");
  await refresh();
  if (said.observation) choose(said.observation, true); else watchSoon();
});

// Pointers: one moves or draws, two zoom.
const fingers = new Map();
let moved = 0, pinch = null;
function at(event) {
  const rect = root.getBoundingClientRect();
  const x = event.clientX - rect.left, y = event.clientY - rect.top;
  return [x, y, left + x / scale, top + y / scale];
}
root.addEventListener("pointerdown", (event) => {
  if (!frame || event.button > 0) return;
  root.setPointerCapture(event.pointerId);
  const [x, y, px, py] = at(event);
  fingers.set(event.pointerId, [x, y]); moved = 0;
  if (fingers.size === 2) { draft = null; pinch = spread(); }
  else if (mode === "box") { cursor = null; draft = [px, py, px, py]; boxTray.hidden = true; }
});
root.addEventListener("pointermove", (event) => {
  const before = fingers.get(event.pointerId);
  if (!before) return;
  const [x, y, px, py] = at(event);
  fingers.set(event.pointerId, [x, y]);
  moved += Math.hypot(x - before[0], y - before[1]);
  if (fingers.size === 2) {
    const now = spread();
    left -= (now.x - pinch.x) / scale; top -= (now.y - pinch.y) / scale;
    zoomAt(now.far / pinch.far, now.x, now.y); pinch = now;
  } else if (mode === "box" && draft) { draft[2] = px; draft[3] = py; redraw(); }
  else { left -= (x - before[0]) / scale; top -= (y - before[1]) / scale; redraw(); }
});
function spread() {
  const [one, two] = [...fingers.values()];
  return { x: (one[0] + two[0]) / 2, y: (one[1] + two[1]) / 2, far: Math.max(1, Math.hypot(one[0] - two[0], one[1] - two[1])) };
}
for (const kind of ["pointerup", "pointercancel"]) root.addEventListener(kind, (event) => {
  const alone = fingers.size === 1;
  if (!fingers.delete(event.pointerId) || !alone || kind === "pointercancel") return;
  const [, , px, py] = at(event);
  if (mode === "box" && draft) finishBox();
  else if (mode === "bolts" && moved < 6) bolt(px, py);
});
root.addEventListener("wheel", (event) => {
  event.preventDefault();
  const [x, y] = at(event);
  zoomAt(Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.0018)), x, y);
}, { passive: false });
root.addEventListener("dblclick", (event) => { if (mode === "pan") { const [x, y] = at(event); zoomAt(2, x, y); } });

// Keys: arrows move the picture, or the cross in a drawing mode; Enter sets a corner or a bolt.
root.addEventListener("keydown", (event) => {
  if (!frame || event.ctrlKey || event.metaKey || event.altKey) return;
  const [w, h] = size();
  const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
  if (arrows) {
    const step = (event.shiftKey ? 60 : 12) / scale;
    if (mode === "pan") { left += arrows[0] * step * 4; top += arrows[1] * step * 4; }
    else {
      cursor = cursor || [left + w / scale / 2, top + h / scale / 2];
      cursor[0] = Math.min(Math.max(0, cursor[0] + arrows[0] * step), frame.width_px); cursor[1] = Math.min(Math.max(0, cursor[1] + arrows[1] * step), frame.height_px);
      if (draft) { draft[2] = cursor[0]; draft[3] = cursor[1]; }
    }
    redraw();
  } else if (event.key === "+" || event.key === "=") zoom("in");
  else if (event.key === "-") zoom("out");
  else if (event.key === "0") fit();
  else if (event.key === "1") zoom("one");
  else if (event.key === "b" || event.key === "B") setMode("box");
  else if (event.key === "o" || event.key === "O") setMode("bolts");
  else if (event.key === "Escape") setMode("pan");
  else if (event.key === "Enter" || event.key === " ") {
    cursor = cursor || [left + w / scale / 2, top + h / scale / 2];
    if (mode === "bolts") bolt(...cursor);
    else if (mode === "box" && draft) finishBox();
    else if (mode === "box") draft = [cursor[0], cursor[1], cursor[0], cursor[1]];
    redraw();
  } else return;
  event.preventDefault(); event.stopPropagation();
});

new ResizeObserver(redraw).observe(root);
const answer = await fetch(`/pictures/${root.dataset.id}/frame.json`, { credentials: "same-origin" });
const said = await answer.json();
if (said.ok) {
  frame = said;
  levels = Math.max(0, Math.ceil(Math.log2(Math.max(frame.width_px, frame.height_px) / frame.tile_px)));
  fit();
  root.dataset.ready = "1";
} else {
  root.querySelector(".viewer-message").hidden = false;
  say(said.message || "", "bad");
}
