// A keyboard on the screen: Hangul jamo that compose into syllables, and Cyrillic. For marks nobody here can type.
const LEAD = [..."ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"];
const VOWEL = [..."ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"];
const TAIL = ["", ..."ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"];
const PAIRS = { "ㅗㅏ": "ㅘ", "ㅗㅐ": "ㅙ", "ㅗㅣ": "ㅚ", "ㅜㅓ": "ㅝ", "ㅜㅔ": "ㅞ", "ㅜㅣ": "ㅟ", "ㅡㅣ": "ㅢ",
  "ㄱㅅ": "ㄳ", "ㄴㅈ": "ㄵ", "ㄴㅎ": "ㄶ", "ㄹㄱ": "ㄺ", "ㄹㅁ": "ㄻ", "ㄹㅂ": "ㄼ", "ㄹㅅ": "ㄽ", "ㄹㅌ": "ㄾ", "ㄹㅍ": "ㄿ", "ㄹㅎ": "ㅀ", "ㅂㅅ": "ㅄ" };
const SPLIT = Object.fromEntries(Object.entries(PAIRS).map(([two, one]) => [one, two]));
const FIRST = 0xac00;

export const BOARDS = {
  "한글": [[..."ㅂㅈㄷㄱㅅㅛㅕㅑㅐㅔ"], [..."ㅁㄴㅇㄹㅎㅗㅓㅏㅣ"], [..."ㅋㅌㅊㅍㅠㅜㅡ"], [..."ㅃㅉㄸㄲㅆㅒㅖ"]],
  "Кир": [[..."ЙЦУКЕНГШЩЗХЇ"], [..."ФІВАПРОЛДЖЄ"], [..."ЯЧСМИТЬБЮҐ"], [..."ЫЭЪЁ"]],
  "№": [[..."1234567890"], [..."-./№()+:#"]],
};

function parts(syllable) {
  const code = syllable.codePointAt(0) - FIRST;
  if (code < 0 || code >= 11172) return null;
  return [LEAD[Math.floor(code / 588)], VOWEL[Math.floor((code % 588) / 28)], TAIL[code % 28]];
}
function syllable(lead, vowel, tail = "") {
  return String.fromCodePoint(FIRST + LEAD.indexOf(lead) * 588 + VOWEL.indexOf(vowel) * 28 + TAIL.indexOf(tail));
}

// What stands before the cursor together with the jamo pressed: one or two characters in place of the one before.
export function compose(before, jamo) {
  const vowel = VOWEL.includes(jamo);
  const open = parts(before);
  if (!open) {
    if (vowel && LEAD.includes(before)) return syllable(before, jamo);
    return before + jamo;
  }
  const [lead, middle, tail] = open;
  if (vowel && !tail) return PAIRS[middle + jamo] ? syllable(lead, PAIRS[middle + jamo]) : before + jamo;
  if (vowel) {
    const two = SPLIT[tail];
    const [stays, goes] = two ? [two[0], two[1]] : ["", tail];
    return syllable(lead, middle, stays) + syllable(goes, jamo);
  }
  if (!tail && TAIL.includes(jamo)) return syllable(lead, middle, jamo);
  if (tail && PAIRS[tail + jamo] && TAIL.includes(PAIRS[tail + jamo])) return syllable(lead, middle, PAIRS[tail + jamo]);
  return before + jamo;
}

function press(field, key, joins) {
  const start = field.selectionStart ?? field.value.length, end = field.selectionEnd ?? start;
  const head = field.value.slice(0, start), tail = field.value.slice(end);
  const last = [...head].at(-1) ?? "";
  const hangul = LEAD.includes(key) || VOWEL.includes(key);
  const written = joins && hangul && last && start === end ? head.slice(0, head.length - last.length) + compose(last, key) : head + key;
  field.value = written + tail;
  field.focus();
  field.setSelectionRange(written.length, written.length);
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function board(field) {
  const box = document.createElement("div");
  box.className = "keys"; box.setAttribute("role", "group"); box.setAttribute("aria-label", "Keyboard");
  const tabs = document.createElement("div"); tabs.className = "tabs";
  const rows = document.createElement("div");
  const label = document.createElement("label"); label.className = "check";
  const joins = document.createElement("input"); joins.type = "checkbox"; joins.checked = true;
  label.append(joins, "ㅈ+ㅏ → 자");
  const show = (name) => {
    for (const tab of tabs.querySelectorAll("button")) tab.setAttribute("aria-pressed", String(tab.textContent === name));
    label.hidden = name !== "한글";
    rows.replaceChildren(...BOARDS[name].map((keys) => {
      const row = document.createElement("div"); row.className = "board";
      row.append(...keys.map((key) => {
        const button = document.createElement("button"); button.type = "button"; button.textContent = key;
        button.addEventListener("click", () => press(field, key, joins.checked));
        return button;
      }));
      return row;
    }));
    const last = document.createElement("div"); last.className = "board";
    for (const [text, name2, act] of [["␣", "Space", () => press(field, " ", false)], ["⌫", "Delete", () => erase(field)]]) {
      const button = document.createElement("button"); button.type = "button"; button.textContent = text; button.setAttribute("aria-label", name2);
      button.addEventListener("click", act); last.append(button);
    }
    rows.append(last);
  };
  for (const name of Object.keys(BOARDS)) {
    const tab = document.createElement("button"); tab.type = "button"; tab.textContent = name;
    tab.addEventListener("click", () => show(name)); tabs.append(tab);
  }
  tabs.append(label);
  box.append(tabs, rows);
  show("한글");
  return box;
}
function erase(field) {
  const at = field.selectionStart ?? field.value.length;
  const head = [...field.value.slice(0, at)]; head.pop();
  const written = head.join("");
  field.value = written + field.value.slice(at);
  field.focus(); field.setSelectionRange(written.length, written.length);
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

export function attachKeyboards(root) {
  for (const field of root.querySelectorAll("input[data-keyboard]")) {
    if (field.dataset.ready) continue;
    field.dataset.ready = "1";
    field.addEventListener("focus", () => {
      if (field.closest("label").nextElementSibling?.classList.contains("keys")) return;
      field.form.querySelectorAll(".keys").forEach((one) => one.remove());
      field.closest("label").after(board(field));
    });
  }
}
