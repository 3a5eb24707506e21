// Hands: clicks, keys, drawing and the tour; and the door through which Streamlit opens the page.
Object.assign(Playground.prototype, {
  click(event) {
    const button = event.target.closest("button, [data-node]");
    if (!button || !this.root.contains(button)) return;
    const { do: what, layer, who, cured, copy, toggles, inside } = button.dataset;
    if (layer || toggles) this.toggle(layer || toggles);
    else if (inside !== undefined) this.inside(inside);
    else if (who) this.say("train", { who });
    else if (cured !== undefined) this.preset(cured === "1");
    else if (copy) this.copy(copy, button);
    else if (what) this.act(what);
    if (event.detail && button.blur && !button.closest("form")) button.blur();  // of a mouse: Space plays and does not press it again
  },
  act(what) {
    if (what === "play") this.say(this.playing ? "pause" : "play");
    else if (what === "slow") {
      this.slow = !this.slow;
      this.get("[data-do=slow]").setAttribute("aria-pressed", this.slow);
      this.say("slow", { on: this.slow });
    } else if (what === "drawn") this.drawn();
    else if (what === "undraw") { this.points = []; this.paint(); }
    else if (what.startsWith("tour")) this.guide(what);
    else {
      if (what === "reset") this.picture.pins.forget();
      this.say(what);
    }
  },
  toggle(layer) {
    this.layers[layer] = !this.layers[layer];
    const other = { density: "heat", heat: "density" }[layer];  // in the plane one of them covers the other
    if (this.dims === 2 && this.layers[layer] && this.layers[other]) this.toggle(other);
    for (const one of this.root.querySelectorAll(`[data-layer=${layer}], [data-toggles=${layer}]`)) {
      one.setAttribute("aria-pressed", this.layers[layer]);
      if (one.dataset.toggles) one.classList.toggle("shown", this.layers[layer]);
    }
    this.say("layers", this.wanted());
  },
  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.("input, select, textarea")) return;
    const inside = event.composedPath()[0], node = inside.closest?.("[data-node]");
    if (node && ["Enter", " "].includes(event.key)) { this.toggle(node.dataset.toggles); event.preventDefault(); return; }
    if (inside.matches?.("input:not([type=range]), select, textarea, summary, button")) return;
    const keys = { " ": "play", ArrowRight: "step", s: "slow", r: "reset" };
    if (event.key === "ArrowLeft" && !inside.matches?.("input")) this.say("go", { step: this.kept[Math.max(nearest(this.kept, this.about.step) - 1, 0)] });
    else if (keys[event.key] && !inside.matches?.("input")) this.act(keys[event.key]);
    else if (/^[1-6]$/.test(event.key)) this.toggle(Object.keys(this.layers)[event.key - 1]);
    else return;
    event.preventDefault();
  },
  async copy(what, button) {
    const text = what === "link" ? location.href : this[what] || "", before = button.textContent;
    this.get(".copy pre").textContent = text;
    try { await navigator.clipboard.writeText(text); button.textContent = "Copied"; } catch { button.textContent = "Select it below"; }
    setTimeout(() => { button.textContent = before; }, 1200);
  },
  draw(kind) {  // modes by hand, in a window of their own
    this.drawing = kind;
    this.points = [];
    this.say("pause");
    this.get(".draw").hidden = false;
    this.paint();
  },
  undraw() {
    this.drawing = null;
    this.get(".draw").hidden = true;
  },
  drawn() {
    if (!this.points.length) { this.trouble("Place a mode first: click into the picture."); return; }
    this.undraw();
    this.say("set", { query: this.controls.query(this.points) });
    this.say("play");
  },
  paint() {
    const p = this.picture, c = p.canvas.getContext("2d"), look = colours(this.root), line = this.drawing === "line";
    Object.assign(p, { window: [0, 0, 2.2] });
    p.fit();
    c.clearRect(0, 0, p.canvas.width, p.canvas.height);
    c.strokeStyle = look.line;
    c.strokeRect(p.x(-2), line ? p.y(0) : p.y(2), p.x(2) - p.x(-2), line ? 1 : p.y(-2) - p.y(2));
    c.fillStyle = `rgb(${REAL})`;
    for (const [x, y] of this.points) { c.beginPath(); c.arc(p.x(x), p.y(y ?? 0), 7 * p.ratio, 0, 7); c.fill(); }
  },
  pointer() {
    const canvas = this.get(".picture");
    const add = (event) => {
      if (!this.drawing || !(event.buttons & 1) || this.points.length >= 60) return;
      const [x, y] = this.picture.place(event.clientX, event.clientY).map((v) => Math.max(-2, Math.min(2, v)));
      const last = this.points[this.points.length - 1], at = this.drawing === "line" ? [x] : [x, y];
      if (last && Math.hypot(...at.map((v, i) => v - last[i])) < 0.12) return;
      this.points.push(at);
      this.trouble(null);
      this.paint();
    };
    canvas.addEventListener("pointerdown", add);
    canvas.addEventListener("pointermove", add);
    canvas.addEventListener("click", (event) => { if (!this.drawing) this.pin(event); });
  },
  pin(event) {
    this.picture.pins.toggle(this.picture, event.clientX, event.clientY);
    if (!this.layers.trails) this.toggle("trails");
    else if (this.about) this.picture.draw(this.about, this.picture.arrays, this.layers);
  },
  guide(what) {
    this.tour = what === "tour" ? 0 : what === "tour-next" ? this.tour + 1 : -1;
    for (const lit of this.root.querySelectorAll(".glow")) lit.classList.remove("glow");
    const at = TOUR[this.tour];
    this.get(".tour").hidden = !at;
    if (!at) { this.tour = -1; return; }
    this.get(".tour p").textContent = at[1];
    this.get("[data-do=tour-next]").textContent = this.tour === TOUR.length - 1 ? "Done" : "Next";
    this.get(at[0]).classList.add("glow");
  },
});

export default function (component) {
  const { parentElement, data } = component, root = parentElement.querySelector(".pg");
  if (root && !root.playground) root.playground = new Playground(root, data);
  return () => {
    if (!root || !root.playground) return;
    root.playground.close();
    root.playground = null;
  };
}
