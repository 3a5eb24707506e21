// Sliders in, pictures out: the server answers the latest question, a picture a step of the way until it rests.
const CHANGED = 0.005, PAUSE = 40; // ms between two questions at least

class Faces {
  constructor(root, data) {
    Object.assign(this, { root, data, values: {}, shown: [...data.first], turn: 0, heard: 0, last: -Infinity, closed: false });
    this.get = (selector) => root.querySelector(selector);
    for (const name of data.attributes) this.feature(name);
    this.sliders();
    root.addEventListener("input", (event) => this.input(event.target));
    root.addEventListener("click", (event) => this.click(event.target.closest("button")));
    this.open();
  }
  open() {
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    this.socket = new WebSocket(`${scheme}//${location.host}/gansmith/steer`);
    this.socket.onopen = () => this.ask();
    this.socket.onmessage = (event) => this.hear(JSON.parse(event.data));
    this.socket.onclose = () => { if (!this.closed) this.timer = setTimeout(() => this.open(), 1500); };
  }
  close() { this.closed = true; clearTimeout(this.timer); clearTimeout(this.due); this.socket.close(); }
  get busy() { return this.heard < this.turn; }
  label(name) { return name.replaceAll("_", " "); }
  feature(name) {
    const row = Object.assign(document.createElement("label"), { className: "check" });
    const box = Object.assign(document.createElement("input"), { type: "checkbox", value: name, checked: this.shown.includes(name) });
    box.dataset.is = "feature";
    row.append(box, this.label(name));
    this.get(".features").appendChild(row);
  }
  sliders() {
    this.get(".sliders").replaceChildren(...this.shown.map((name) => {
      const row = Object.assign(document.createElement("label"), { className: "slider" }), value = this.values[name] ?? 50;
      const range = Object.assign(document.createElement("input"), { type: "range", min: 0, max: 100, value });
      range.dataset.slider = name;
      row.append(this.label(name), Object.assign(document.createElement("output"), { textContent: value }), range);
      return row;
    }));
  }
  input(target) {
    if (target.dataset.slider) {
      this.values[target.dataset.slider] = Number(target.value);
      target.parentNode.querySelector("output").textContent = target.value;
    } else if (target.dataset.is === "advanced") { this.get(".advanced").hidden = !target.checked; return; }
    else if (target.dataset.is === "feature") {
      this.shown = this.data.attributes.filter((name) => this.get(`[data-is=feature][value="${name}"]`).checked);
      for (const name of Object.keys(this.values)) if (!this.shown.includes(name)) delete this.values[name];
      this.sliders();
    } else if (target.dataset.is === "truncation") target.parentNode.querySelector("output").textContent = Number(target.value).toFixed(2);
    this.ask();
  }
  click(button) {
    if (!button) return;
    if (button.dataset.do === "person") this.get("[data-is=seed]").value = Math.floor(Math.random() * 1e6);
    if (button.dataset.do === "middle") { this.values = {}; this.sliders(); }
    this.ask();
  }
  ask() {
    Object.assign(this, { turn: this.turn + 1, asked: performance.now() });
    clearTimeout(this.due);
    this.due = setTimeout(() => this.send(), Math.max(0, this.last + PAUSE - this.asked));
  }
  send() {
    if (this.socket.readyState !== WebSocket.OPEN) return;
    this.last = performance.now();
    const sliders = Object.fromEntries(Object.entries(this.values).filter(([, value]) => value !== 50));
    this.moving = Object.keys(sliders);
    const hold = this.get("[name=hold]:checked").value === "none" ? [] : null;
    const seed = Number(this.get("[data-is=seed]").value), truncation = Number(this.get("[data-is=truncation]").value);
    this.socket.send(JSON.stringify({ do: "steer", turn: this.turn, name: this.data.name, seed, truncation, sliders, hold }));
  }
  hear(found) {
    const first = found.turn > this.heard, latest = found.turn === this.turn;
    this.heard = found.turn ?? this.turn;
    const error = this.get(".error");
    error.hidden = !found.error;
    error.textContent = found.error || "";
    if (!found.error) {
      for (const which of ["before", "after"]) {
        const picture = this.get(`.${which}`);
        if (picture.getAttribute("src") !== found[which]) picture.src = found[which];
      }
      const moved = this.moving.map((name) => `-${name}${this.values[name]}`).join("");
      if (latest) Object.assign(this.get(".save"), { href: found.after, download: `${this.data.name}-seed${found.seed}${moved}.png` });
      if (first || !found.left) this.bars(found.bars);
      if (!found.read) this.get("[data-is=reader]").textContent = "the network that steers tells it, which says 0 of all that it holds";
      const passed = (performance.now() - this.asked).toFixed(1), answers = Number(this.root.dataset.answers || 0);
      Object.assign(this.root.dataset, { ...(first && latest ? { ms: passed } : {}), rest: passed, left: found.left, seed: found.seed, bars: JSON.stringify(found.bars), answers: answers + first });
    }
  }
  bars(bars) {
    const sorted = [...bars].sort((a, b) => this.moving.includes(b.name) - this.moving.includes(a.name) || Math.abs(b.after - b.before) - Math.abs(a.after - a.before));
    this.get(".bars").replaceChildren(...sorted.map(({ name, before, after, usual }) => {
      const change = after - before, row = Object.assign(document.createElement("div"), { className: `bar ${this.moving.includes(name) ? "moves" : ""}` });
      const track = Object.assign(document.createElement("span"), { className: "track" });
      const bar = Object.assign(document.createElement("i"), { className: change < 0 ? "down" : "up" });
      bar.style.width = `${50 * Math.min(Math.abs(change), 1)}%`;
      track.append(bar);
      if (usual > CHANGED) {
        const band = track.appendChild(document.createElement("b")), half = 50 * Math.min(usual, 1);
        Object.assign(band.style, { left: `${50 - half}%`, width: `${2 * half}%` });
      }
      const told = Math.abs(change) < CHANGED ? "0" : `${change > 0 ? "+" : "−"}${Math.round(100 * Math.abs(change))}`;
      row.append(Object.assign(document.createElement("span"), { textContent: this.label(name) }), track, Object.assign(document.createElement("span"), { textContent: told }));
      return row;
    }));
  }
}

export default function (component) {
  const { parentElement, data } = component, root = parentElement.querySelector(".fc");
  if (!root) return undefined;
  if (root.faces && root.faces.data.name !== data.name) { root.faces.close(); root.faces = null; root.querySelector(".features").replaceChildren(); }
  root.faces = root.faces || new Faces(root, data);
  return () => { root.faces?.close(); root.faces = null; };
}
