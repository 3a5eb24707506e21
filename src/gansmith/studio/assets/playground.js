// The page: it says what is wanted, and shows what comes back.
const SPEEDS = [1, 4, 15, 50, 150, 500, 0];
const TOUR = [
  ["canvas.picture", "Blue points are data, orange ones are G's. The colour behind them is D: blue where it believes “real”, orange where it believes “generated”."],
  ["[data-layer=arrows]", "An arrow is the gradient that a sample gets: where G is told to move it. Samples learn nothing where D is flat."],
  ["[data-do=slow]", "In slow motion each part of a step is shown in turn: who is trained, who is frozen."],
  [".time", "Drag to go back to any kept moment, and play on from there: the same numbers come again."],
  ["[data-is=preset]", "Now choose a failure, watch it, and switch to its cure: the same seed, one change."],
];

class Playground {
  constructor(root, data) {
    Object.assign(this, { root, data, playing: false, slow: false, kept: [0], points: [], drawing: null, frames: [], tour: -1 });
    this.get = (selector) => root.querySelector(selector);
    this.picture = new Picture(this.get(".picture"), root);
    this.layers = Object.fromEntries([...root.querySelectorAll("[data-layer]")].map((b) => [b.dataset.layer, b.getAttribute("aria-pressed") === "true"]));
    this.controls = new Controls(this.get(".controls"), (name) => this.changed(name));
    this.controls.show(data.defaults, "ring", "");
    this.units = new Units(this.get(".units"), root, (what, more) => this.say(what, more));
    for (const one of data.presets) this.get("[data-is=preset]").add(new Option(one.title, one.name));
    for (const [name, told] of Object.entries(data.quantities)) this.number(name, told);
    this.link = Object.fromEntries(new URLSearchParams(location.search));
    this.line = new Line((about, arrays) => this.hear(about, arrays), () => this.opened(), () => this.trouble("The studio does not answer; waiting for it."));
    this.keys = (event) => this.key(event);
    document.addEventListener("keydown", this.keys);
    this.watch = setInterval(() => this.again(), 300);
    root.addEventListener("click", (event) => this.click(event));
    root.addEventListener("input", (event) => this.slid(event.target));
    this.get("[data-is=preset]").addEventListener("change", () => this.preset(false));
    this.pointer();
  }
  close() {
    document.removeEventListener("keydown", this.keys);
    clearInterval(this.watch);
    this.line.close();
  }
  again() {  // another theme or size, while nothing is played
    const as = `${colours(this.root).paper} ${this.get(".picture").clientWidth} ${this.get(".curve").clientWidth}`;
    if (as === this.as || !this.about) return;
    this.as = as;
    if (this.drawing) this.paint(); else this.picture.draw(this.about, this.arrays, this.layers);
    if (this.rows) this.curves(this.rows);
    this.units.draw(this.units.drawings);
  }
  say(what, more = {}) { this.line.say({ do: what, ...more }); }
  opened() {
    this.trouble(null);
    this.say("layers", this.wanted());
    if (this.units.player) this.units.open(this.units.player);
    const speed = Number(this.get("[data-is=speed]").value);
    this.say("speed", { value: SPEEDS[speed] });
    const named = this.link.preset;
    if (named && this.data.presets.some((p) => p.name === named)) {
      this.get("[data-is=preset]").value = named;
      this.preset(this.link.cured === "1");
    } else this.say("set", { query: this.link });
  }
  wanted() { return { ...this.layers, samples: true }; }
  hear(about, arrays) {
    if (!arrays) {
      if (about.error || about.note) this.trouble(about.error || about.note);
      if (about.setting) this.settled(about);
      return;
    }
    Object.assign(this, { playing: about.playing, about, arrays });
    this.dimensions(about.window.length - 1);
    this.root.dataset.step = about.step;
    this.get("output[data-is=step]").textContent = `step ${about.step.toLocaleString("en")}`;
    this.get("[data-do=play]").textContent = about.playing ? "Pause" : "Play";
    if (!this.drawing) this.picture.draw(about, arrays, this.layers);
    this.part(about);
    if (about.quantities) this.numbers(about);
    if (arrays.costs) this.curves(arrays);
    if (arrays.drawings) this.units.draw(arrays.drawings);
    this.pointed(about, arrays);
    for (const b of this.root.querySelectorAll("[data-who]")) b.classList.toggle("on", b.dataset.who === about.who);
    const now = performance.now();
    this.frames = [...this.frames.filter((t) => now - t < 2000), now];
    this.root.dataset.fps = (this.frames.length / 2).toFixed(1);
  }
  dimensions(count) {  // densities are the picture of the line; in the plane D's heat map is
    if (count === this.dims) return;
    this.dims = count;
    this.get("[data-is=distance]").textContent = count === 1 ? "W₁" : "sliced W₂";
    if (this.layers.density !== (count === 1)) this.toggle("density");
  }
  settled({ setting, query, data }) {
    this.trouble(null);
    this.picture.pins.forget();
    delete this.root.dataset.measured;
    this.controls.show(setting, data, query.points);
    if (query.points) this.points = query.points.split(";").map((p) => p.split(",").map(Number));
    const named = this.get("[data-is=preset]").value, cured = this.get("[data-cured='1']").classList.contains("on");
    this.link = named ? { preset: named, cured: cured ? "1" : "0" } : query;
    history.replaceState(history.state, "", `${location.pathname}?${new URLSearchParams(this.link)}`);
    this.root.dataset.ready = "1";
  }
  trouble(text) {
    const box = this.get(".error");
    box.hidden = !text;
    box.textContent = text || "";
  }
  pointed(about, arrays) {
    const box = this.get(".unit");
    box.hidden = !arrays.unit;
    if (arrays.unit) box.innerHTML = tellUnit(about, arrays);
    this.root.dataset.unit = arrays.unit ? about.unit.join(" ") : "";
  }
  inside(player) {
    for (const b of this.root.querySelectorAll("[data-inside]")) b.classList.toggle("on", b.dataset.inside === player);
    this.get(".outside").hidden = Boolean(player);
    this.get(".within").hidden = !player;
    this.units.open(player);
  }
  number(name, { title, equation, text }) {
    const row = this.get(".numbers").appendChild(document.createElement("div"));
    Object.assign(row, { tabIndex: 0, hidden: true });
    row.dataset.name = name;
    row.appendChild(document.createElement("dt")).textContent = title;
    row.appendChild(document.createElement("dd"));
    const why = Object.assign(row.appendChild(document.createElement("span")), { className: "why" });
    Object.assign(why.appendChild(document.createElement("i")), { className: "equation", textContent: equation });
    why.append(text);
  }
  numbers({ quantities, command, python }) {
    for (const row of this.get(".numbers").children) {
      const value = quantities[row.dataset.name];
      row.hidden = value === undefined;
      row.querySelector("dd").textContent = ["modes", "held"].includes(row.dataset.name) ? value : shown(value);
    }
    Object.assign(this.root.dataset, { quantities: JSON.stringify(quantities), measured: this.about.step });
    Object.assign(this, { command, python });
    const pre = this.get(".copy pre");
    if (pre.textContent !== command) pre.textContent = command;
  }
  curves(arrays) {
    this.rows = arrays;
    const look = colours(this.root), time = this.get("[data-is=time]");
    drawCurve(this.get(".costs"), arrays.costs, [1, 2], look, false);
    drawCurve(this.get(".courses"), arrays.courses, [1, 2], look, true);
    this.kept = arrays.kept;
    time.max = this.kept.length - 1;
    if (document.activeElement !== time || this.playing) time.value = nearest(this.kept, this.about.step);
  }
  part(about) {
    const box = this.get(".part"), names = { discriminator: "D", generator: "G" };
    box.hidden = !about.trained;
    for (const node of this.root.querySelectorAll("[data-node]")) {
      node.classList.toggle("trained", (about.trained || []).includes(node.dataset.node));
      node.classList.toggle("frozen", (about.frozen || []).includes(node.dataset.node));
      node.classList.toggle("shown", Boolean(this.layers[node.dataset.toggles]));
      node.setAttribute("aria-pressed", Boolean(this.layers[node.dataset.toggles]));
    }
    if (!about.trained) return;
    const list = (all) => all.map((n) => names[n] || n).join(" and ");
    box.innerHTML = `<b>${list(about.trained)}</b> moved${about.frozen.length ? `; ${list(about.frozen)} was frozen` : ""}`;
  }
  changed(name) {
    this.get("[data-is=preset]").value = "";
    this.get("[data-is=cured]").hidden = true;
    this.get("[data-is=look]").textContent = "Blue is where D says “real”, orange where it says “generated”.";
    const data = this.get("[name=data]").value, drawn = ["plane", "line"].includes(data);
    if (drawn && name === "data") return this.draw(data);
    if (!drawn) this.undraw();
    this.say("set", { query: this.controls.query(this.points) });
  }
  preset(cured) {
    const found = this.data.presets.find((p) => p.name === this.get("[data-is=preset]").value);
    this.get("[data-is=cured]").hidden = !found;
    this.undraw();
    if (!found) { this.say("set", { query: {} }); return; }
    for (const b of this.root.querySelectorAll("[data-cured]")) b.classList.toggle("on", (b.dataset.cured === "1") === cured);
    this.get("[data-is=look]").textContent = cured ? found.why : found.look;
    this.say("preset", { name: found.name, cured });
    this.say("play");
  }
  slid(target) {
    if (target === this.get("[data-is=time]")) this.say("go", { step: this.kept[target.value] ?? 0 });
    if (target === this.get("[data-is=speed]")) this.say("speed", { value: SPEEDS[target.value] });
  }
}

function nearest(steps, step) {
  let best = 0;
  for (let i = 1; i < steps.length; i++) if (Math.abs(steps[i] - step) < Math.abs(steps[best] - step)) best = i;
  return best;
}
