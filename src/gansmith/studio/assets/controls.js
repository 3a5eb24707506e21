// Controls: what is played on what, by the flat names of the library's settings.
const LAYERS = [0, 1, 2, 3, 4], RATES = [1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 1e-2, 2e-2, 5e-2, 0.1, 0.2, 0.5];
const OPTIMISERS = ["Adam", "SGD", "RMSprop"];
const FORM = [
  ["Data", [["data", "data", { ring: "ring of 8", grid: "grid of 25", moons: "two moons", swissroll: "spiral", normal: "normal, 1-D",
    plane: "drawn in the plane", line: "drawn on the line" }]]],
  ["Game", [
    ["loss", "loss", { nonsaturating: "non-saturating", minimax: "minimax", wasserstein: "Wasserstein", hinge: "hinge", "least-squares": "least squares", relativistic: "relativistic" }],
    ["penalty", "penalty", { none: "none", r1: "R1, at the data", r2: "R2, at samples", both: "R1 + R2", gradient_penalty: "gradient penalty", "discriminator.weight_clip": "clipped weights" }],
    ["weight", "its weight", "number"],
    ["dynamics", "dynamics", { alternating: "alternating", simultaneous: "simultaneous", extragradient: "extragradient", optimistic: "optimistic", lookahead: "lookahead", unrolled: "unrolled" }],
    ["n_critic", "k, D per G", [1, 2, 3, 5, 10, 20]],
    ["batch", "batch", [16, 32, 64, 128, 256, 512, 1024]],
  ]],
  ["D", [["discriminator.optimizer", "optimiser", OPTIMISERS], ["discriminator.lr", "rate", RATES], ["discriminator_layers", "layers", LAYERS]]],
  ["G", [["generator.optimizer", "optimiser", OPTIMISERS], ["generator.lr", "rate", RATES], ["generator_layers", "layers", LAYERS]]],
  ["Both", [["hidden", "width", [4, 8, 16, 32, 64, 128, 256]], ["latent", "noise dims", [1, 2, 4, 8, 16]], ["noise", "noise", ["normal", "uniform"]], ["seed", "seed", "number"]]],
];
const PENALTIES = ["r1", "r2", "gradient_penalty", "discriminator.weight_clip"];

class Controls {
  constructor(form, changed) {
    this.form = form;
    this.extra = {};
    for (const [title, items] of FORM) {
      const set = form.appendChild(document.createElement("fieldset"));
      set.appendChild(document.createElement("legend")).textContent = title;
      const box = title.length === 1 ? set.appendChild(document.createElement("div")) : set;
      if (box !== set) box.className = "three";
      for (const [name, label, kind] of items) {
        const row = box.appendChild(document.createElement("label"));
        row.appendChild(document.createElement("span")).textContent = label;
        row.appendChild(kind === "number" ? this.number(name) : this.select(name, kind));
      }
    }
    form.addEventListener("change", (event) => {
      if (["penalty", "weight"].includes(event.target.name)) this.penalties = null;
      changed(event.target.name);
    });
    form.addEventListener("submit", (event) => event.preventDefault());
  }
  number(name) {
    return Object.assign(document.createElement("input"), { type: "number", name, step: name === "seed" ? 1 : "any", min: 0 });
  }
  select(name, kind) {
    const box = Object.assign(document.createElement("select"), { name });
    const pairs = Array.isArray(kind) ? kind.map((v) => [v, v]) : Object.entries(kind);
    for (const [value, text] of pairs) box.add(new Option(text, String(value)));
    return box;
  }
  put(name, value) {
    const box = this.form.elements[name], text = String(value);
    if (!box) return;
    if (box.options && ![...box.options].some((o) => o.value === text)) box.add(new Option(text, text));
    box.value = text;
  }
  show(values, data, points) {
    for (const [name, value] of Object.entries(values)) this.put(name, value);
    this.put("data", data === "drawn" ? (points && points.includes(",") ? "plane" : "line") : data);
    const on = PENALTIES.filter((name) => values[name] > 0);
    this.put("penalty", on.length === 0 ? "none" : on.length === 2 && on[1] === "r2" ? "both" : on[0]);
    this.put("weight", on.length ? values[on[0]] : 0.1);
    this.extra = { standardize: values.standardize };
    this.penalties = Object.fromEntries(on.map((name) => [name, values[name]])); // any two of them, until one is chosen
    this.busy();
  }
  busy() {  // what means nothing with the rest is off
    const e = this.form.elements;
    e.weight.disabled = e.penalty.value === "none";
    e.n_critic.disabled = ["simultaneous", "extragradient", "optimistic"].includes(e.dynamics.value);
  }
  query(points) {
    this.busy();
    const found = { ...this.extra };
    for (const box of this.form.elements) if (box.name && !["penalty", "weight"].includes(box.name)) found[box.name] = box.value;
    const drawn = ["plane", "line"].includes(found.data), penalty = this.form.elements.penalty.value, weight = this.form.elements.weight.value;
    if (this.penalties) Object.assign(found, this.penalties);
    else if (penalty === "both") found.r1 = found.r2 = weight;
    else if (penalty !== "none") found[penalty] = weight;
    if (drawn) Object.assign(found, { points: points.map((p) => p.map((c) => c.toFixed(3)).join(",")).join(";"), data: "drawn" });
    return found;
  }
}
