// Enhances pages that also work without it: forms sent in place, uploads with progress, what changed fetched anew.
import { attachKeyboards } from "./keyboard.js";

document.documentElement.classList.add("js");
const token = document.body.dataset.token || "";
const headers = { "X-Forensics": "1", "X-Forensics-Token": token };

export function say(text, kind = "good") {
  const place = document.getElementById("notices");
  if (!place || !text) return;
  const line = document.createElement("p");
  line.className = `notice ${kind}`;
  line.textContent = text;
  place.replaceChildren(line);
  if (kind === "good") setTimeout(() => line.remove(), 6000);
}

export async function post(address, form) {
  try {
    const answer = await fetch(address, { method: "POST", body: new URLSearchParams(form), headers, credentials: "same-origin" });
    const said = await answer.json();
    if (!said.ok) say(said.message || "?", "bad");
    else if (said.message) say(said.message);
    return said;
  } catch {
    say("The workbench does not answer. Is it still running in the terminal?", "bad");
    return { ok: false };
  }
}

export async function refresh(only) {
  for (const place of document.querySelectorAll("[data-refresh]")) {
    if (only && place.id !== only) continue;
    const answer = await fetch(place.dataset.refresh, { headers: { "X-Forensics": "1" }, credentials: "same-origin" });
    if (!answer.ok) continue;
    place.innerHTML = await answer.text();
    attachKeyboards(place);
    place.dispatchEvent(new CustomEvent("refreshed", { bubbles: true }));
  }
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || !("quiet" in form.dataset)) return;
  event.preventDefault();
  const fields = new FormData(form, event.submitter);
  const said = await post(form.getAttribute("action"), fields);
  if (!said.ok) return;
  form.dispatchEvent(new CustomEvent("sent", { bubbles: true, detail: said }));
  if (form.closest(".job")) watch();
  await refresh();
});
document.addEventListener("change", (event) => {
  const form = event.target.closest("form.describe, .bar form[data-quiet], .side form[data-quiet]");
  if (form && !event.target.closest(".job")) form.requestSubmit();
});
document.addEventListener("change", (event) => {
  if (event.target.name === "person") event.target.form.requestSubmit();
  if (event.target.name === "state") states(event.target.form);
});

function states(form) {
  const chosen = form.querySelector("input[name=state]:checked")?.value;
  for (const part of form.querySelectorAll("[data-state]")) {
    part.hidden = part.dataset.state !== chosen;
    for (const field of part.querySelectorAll("input, select")) field.disabled = part.hidden;
  }
}
document.querySelectorAll("#trait-form").forEach(states);

document.getElementById("find")?.addEventListener("input", (event) => {
  const wanted = event.target.value.trim().toLowerCase();
  for (const item of document.querySelectorAll("[data-find]")) item.hidden = !item.dataset.find.includes(wanted);
  for (const group of document.querySelectorAll(".group")) group.hidden = !group.querySelector("[data-find]:not([hidden])");
});

// Uploads: one file after the other, so that each has its answer and the memory of the browser stays free.
const drop = document.getElementById("drop");
if (drop) {
  const form = document.getElementById("upload");
  const input = document.getElementById("files");
  const list = document.getElementById("uploads");
  const send = async (files) => {
    let good = 0;
    for (const file of files) {
      const line = document.createElement("li");
      const name = document.createElement("span"); name.className = "name"; name.textContent = file.name;
      const state = document.createElement("span"); state.textContent = "…";
      line.append(name, state); list.append(line);
      const body = new FormData(form); body.delete("files"); body.append("files", file);
      try {
        const answer = await fetch(drop.dataset.upload, { method: "POST", body, headers, credentials: "same-origin" });
        const said = answer.ok ? await answer.json() : { files: [{ ok: "", message: await answer.text() }] };
        const one = said.files[0];
        state.textContent = one.message; state.className = one.ok ? "good" : "bad"; good += one.ok ? 1 : 0;
      } catch { state.textContent = "!"; state.className = "bad"; }
    }
    input.value = "";
    list.dataset.done = String(good);
    if (good && good === files.length) location.assign("/case");
    else if (good) refresh();
  };
  input.addEventListener("change", () => send([...input.files]));
  for (const kind of ["dragenter", "dragover"]) drop.addEventListener(kind, (event) => { event.preventDefault(); drop.classList.add("over"); });
  for (const kind of ["dragleave", "drop"]) drop.addEventListener(kind, () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => { event.preventDefault(); send([...event.dataTransfer.files]); });
}

// Reading of photographs: watched while it runs.
const job = document.getElementById("job");
export async function watch() {
  const answer = await fetch("/progress", { headers: { "X-Forensics": "1" }, credentials: "same-origin" });
  if (!answer.ok) return;
  const state = await answer.json();
  if (job) {
    const bar = document.getElementById("job-bar"), text = document.getElementById("job-text");
    const left = state.not_read ?? 0;
    bar.hidden = !state.running; bar.max = Math.max(1, state.total); bar.value = state.done;
    document.getElementById("job-stop").hidden = !state.running;
    document.getElementById("job-start").hidden = state.running || !left;
    text.textContent = state.running ? `${text.dataset.now} ${state.done} / ${state.total || "?"}` : state.failed || (left ? `${text.dataset.some} ${left}` : text.dataset.done);
  }
  if (state.running) { setTimeout(watch, 900); watched = true; } else if (watched) { watched = false; refresh(); if (job) location.reload(); }
}
let watched = false;
if (job?.dataset.running === "1" || document.getElementById("readings")?.dataset.job === "1") { watched = true; watch(); }
export function watchSoon() { watched = true; watch(); }

// One card at a time: a accept, c correct, r reject.
document.addEventListener("click", (event) => {
  const card = event.target.closest("[data-card]");
  if (!card) return;
  if (event.target.closest("[data-correct]")) open(card);
  const choice = event.target.closest("[data-choice]");
  if (choice) { open(card); card.querySelector("[name=value]").value = choice.dataset.choice; }
});
function open(card) {
  const part = card.querySelector(".correct"), button = card.querySelector("[data-correct]");
  part.hidden = !part.hidden || false;
  button.setAttribute("aria-expanded", String(!part.hidden));
  if (!part.hidden) part.querySelector("[name=value]").focus();
}
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea")) return;
  if (!["a", "c", "r"].includes(event.key) || !document.getElementById("readings")) return;
  const cards = [...document.querySelectorAll("[data-card]")];
  const card = document.activeElement?.closest?.("[data-card]") || document.querySelector("[data-card].chosen") || document.querySelector("[data-card].waits") || cards[0];
  const button = card?.querySelector(`[data-key="${event.key}"]`);
  if (button) { event.preventDefault(); button.click(); }
});

attachKeyboards(document);
refresh("panel");
